import { fromLooseBase64 } from './base64.ts'
import { equalBytes, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { startTags } from './html-tags.ts'
import type { Tag } from './html-tags.ts'
import { MAX_MESSAGE_HTML_BYTES } from './limits.ts'
import { parseShare } from './share.ts'

/** What message.html carries. Nothing of it is verified yet. envelope.md §4 */
export interface ReadMessageHtml {
  readonly ageFile: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
  /** Null when the file has lost it: it may still stand in the address. */
  readonly share: Uint8Array | null
}

const SIGNATURE_BYTES = 64

/**
 * Reads a message.html, also one that mail software has saved as UTF-16, given other line ends,
 * re-flowed, or written a banner around.
 * @throws {EnvelopeError} `not-a-message`, `damaged-message`, `too-large`
 */
export function readMessageHtml(html: Uint8Array | string): ReadMessageHtml {
  if (html.length > MAX_MESSAGE_HTML_BYTES) throw new EnvelopeError('too-large', 'message.html')
  const found = findParts(toAscii(typeof html === 'string' ? utf8(html) : html))
  if (found.envelope === null) throw new EnvelopeError('not-a-message', 'no envelope')
  const ageFile = decode(found.envelope)
  const signature = found.signature === null ? null : decode(found.signature)
  if (ageFile === null || signature?.length !== SIGNATURE_BYTES)
    throw new EnvelopeError('damaged-message', 'base64')
  return { ageFile, signature, share: found.share }
}

interface Parts {
  envelope: Uint8Array | null
  signature: Uint8Array | null
  share: Uint8Array | null
}

function findParts(html: Uint8Array): Parts {
  const parts: Parts = { envelope: null, signature: null, share: null }
  for (const tag of startTags(html)) {
    takeShare(parts, tag)
    if (tag.name === 'input') takeInput(parts, tag)
  }
  return parts
}

function takeInput(parts: Parts, tag: Tag): void {
  const name = textOf(tag, 'name')
  const value = tag.attributes.get('value')
  if ((name !== 'envelope' && name !== 'signature') || value === undefined) return
  if (parts[name] !== null) throw new EnvelopeError('damaged-message', `two ${name}s`)
  parts[name] = value
}

/** From the inert attribute, or the fragment of the form or link. */
function takeShare(parts: Parts, tag: Tag): void {
  const link = tag.name === 'form' ? textOf(tag, 'action') : textOf(tag, 'href')
  const fragment = /\/open#([A-Za-z0-9_-]{22})$/.exec(link)?.[1] ?? ''
  for (const text of [textOf(tag, 'data-share'), fragment]) {
    const share = parseShare(text)
    if (share === null) continue
    if (parts.share !== null && !equalBytes(parts.share, share))
      throw new EnvelopeError('damaged-message', 'two shares')
    parts.share = share
  }
}

/** Longest attribute that is looked at as text. */
const LONGEST_TEXT = 4096

function textOf(tag: Tag, attribute: string): string {
  const value = tag.attributes.get(attribute)
  if (value === undefined || value.length > LONGEST_TEXT) return ''
  return new TextDecoder('latin1').decode(value).trim()
}

function decode(value: Uint8Array): Uint8Array | null {
  return fromLooseBase64(value.includes(0x26) ? resolveEntities(value) : value)
}

/** Software that writes HTML anew may turn line ends and `+ / =` into character references. */
function resolveEntities(value: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(value)
  return utf8(
    text
      .replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, digits: string) => character(digits, 16))
      .replaceAll(/&#([0-9]{1,7});/g, (_, digits: string) => character(digits, 10))
      .replaceAll('&plus;', '+')
      .replaceAll('&sol;', '/')
      .replaceAll('&equals;', '=')
      .replaceAll(/&(?:NewLine|Tab);/g, '\n'),
  )
}

function character(digits: string, base: number): string {
  const code = Number.parseInt(digits, base)
  return code < 128 ? String.fromCharCode(code) : '\u0080'
}

/** Bytes of one byte a character: UTF-16 is told by its byte order mark or by zeros beside `<`. */
function toAscii(bytes: Uint8Array): Uint8Array {
  const [a, b] = bytes
  const little = (a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)
  const big = (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)
  if (!little && !big) return bytes
  const narrow = new Uint8Array(bytes.length >> 1)
  const low = little ? 0 : 1
  for (let i = 0; i < narrow.length; i++) {
    const other = bytes[2 * i + 1 - low] ?? 0
    narrow[i] = other === 0 ? (bytes[2 * i + low] ?? 0) : 0x80
  }
  return narrow
}
