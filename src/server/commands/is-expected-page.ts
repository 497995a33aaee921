import { startTags } from '../../core/envelope/html-tags.ts'
import type { Tag } from '../../core/envelope/html-tags.ts'
import { MAX_TAG_ATTRIBUTES } from '../../core/envelope/limits.ts'
import type { Asset } from '../portal/asset.ts'
import { securityHeaders } from '../portal/security-headers.ts'
import type { HeaderProfile } from '../portal/route.ts'

export type Assets = ReadonlyMap<string, Asset>

/** A page as a portal answered it. */
export interface PageAnswer {
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** What can load or lead elsewhere; the name as HTML ends it. */
const LOADING = /<(?:base|embed|frame|iframe|link|meta|object|script)(?=[\s/>])/gi
const LOADING_NAMES = new Set([
  'base',
  'embed',
  'frame',
  'iframe',
  'link',
  'meta',
  'object',
  'script',
])

/** True when a page can load nothing but known assets, and its policy forbids every script within it. */
export function isExpectedPage(page: PageAnswer, profile: HeaderProfile, assets: Assets): boolean {
  const expected = securityHeaders(profile, { tls: false })['Content-Security-Policy'] ?? ''
  const policy = page.headers.get('content-security-policy') ?? ''
  return (
    withoutStyle(policy) === withoutStyle(expected) &&
    !page.headers.has('refresh') &&
    isUtf8Html(page) &&
    tagsAreExpected(page.bytes, assets)
  )
}

/** The organisation's colours stand in `style-src`; no style runs code. */
const withoutStyle = (policy: string): string =>
  policy
    .split('; ')
    .filter(directive => !directive.startsWith('style-src '))
    .join('; ')

/** In another encoding the same bytes are other tags; a byte order mark outdoes the header field. */
function isUtf8Html({ headers, bytes }: PageAnswer): boolean {
  const type = (headers.get('content-type') ?? '').replaceAll(' ', '').toLowerCase()
  return type === 'text/html;charset=utf-8' && bytes[0] === 0x3c
}

/**
 * Each place where a browser could find a tag that loads something must be a tag that is looked at:
 * a browser may find one where `startTags` sees an attribute or a comment.
 */
function tagsAreExpected(bytes: Uint8Array, assets: Assets): boolean {
  const places = new TextDecoder('latin1').decode(bytes).match(LOADING)?.length ?? 0
  const loading = [...startTags(bytes)].filter(tag => LOADING_NAMES.has(tag.name))
  return loading.length === places && loading.every(tag => isExpectedTag(tag, assets))
}

const inertTypes = new Set(['application/json', 'application/octet-stream'])

function isExpectedTag(tag: Tag, assets: Assets): boolean {
  if (tag.attributes.size >= MAX_TAG_ATTRIBUTES) return false
  if (tag.name === 'meta') return !tag.attributes.has('http-equiv')
  if (tag.name === 'link') return isExpectedLink(tag, assets)
  if (tag.name !== 'script') return false
  const source = attribute(tag, 'src')
  if (source === undefined) return inertTypes.has(attribute(tag, 'type') ?? '')
  return isKnown(source, attribute(tag, 'integrity'), assets)
}

function isExpectedLink(tag: Tag, assets: Assets): boolean {
  const rel = attribute(tag, 'rel') ?? ''
  if (!/stylesheet|preload|import/i.test(rel)) return true
  return isKnown(attribute(tag, 'href') ?? '', attribute(tag, 'integrity'), assets)
}

const isKnown = (path: string, integrity: string | undefined, assets: Assets): boolean =>
  integrity !== undefined && assets.get(path)?.integrity === integrity

const attribute = (tag: Tag, name: string): string | undefined => {
  const value = tag.attributes.get(name)
  return value === undefined ? undefined : new TextDecoder().decode(value)
}
