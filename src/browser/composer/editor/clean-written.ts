import type { Config, UponSanitizeAttributeHookEvent } from 'dompurify'
import { purifier } from '../../viewer/body/purifier.ts'

/** What an answer may be made of: no heading, which would stand among those of the page. */
const tags =
  'a b blockquote br div em i img li ol p pre span strong table tbody td tfoot th thead tr u ul'.split(
    ' ',
  )
const attributes = ['alt', 'colspan', 'dir', 'href', 'rowspan', 'src', 'style']

/** Where the editor's cursor stood; only in what it wrote itself. */
const marks = { tags: ['input'], attributes: ['id', 'type'] }

const linkScheme = /^(?:https?:\/\/|mailto:)/i

export interface CleanWishes {
  /** What stands for the address of a picture, or null where there shall be none. */
  readonly picture: (address: string) => string | null
  /** Keeps the editor's own marks. */
  readonly withMarks?: boolean
}

/**
 * What may stand in an answer, of anything that was typed, pasted, dropped or kept: a few formats, links, and the
 * answer's own pictures. Nothing of it fetches or runs.
 */
export function cleanWritten(html: string, wishes: CleanWishes): DocumentFragment {
  const purify = purifier()
  purify.removeAllHooks()
  purify.addHook('uponSanitizeAttribute', (node, event) => keepAttribute(node, event, wishes))
  purify.addHook('afterSanitizeAttributes', node => {
    if (node instanceof HTMLImageElement && !node.hasAttribute('src')) node.remove()
  })
  return purify.sanitize(html, configuration(wishes.withMarks === true))
}

function configuration(withMarks: boolean): Config & { RETURN_DOM_FRAGMENT: true } {
  return {
    ALLOWED_TAGS: withMarks ? [...tags, ...marks.tags] : tags,
    ALLOWED_ATTR: withMarks ? [...attributes, ...marks.attributes] : attributes,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|blob:|cid:|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
    FORCE_BODY: true,
    RETURN_DOM_FRAGMENT: true,
  }
}

function keepAttribute(
  node: Element,
  event: UponSanitizeAttributeHookEvent,
  { picture }: CleanWishes,
): void {
  const { attrName: name, attrValue: value } = event
  if (name === 'href') event.keepAttr = node.localName === 'a' && linkScheme.test(value.trim())
  else if (name === 'style') {
    event.attrValue = formatsOf(value)
    event.keepAttr = event.attrValue !== ''
  } else if (name === 'src') {
    const address = node.localName === 'img' ? picture(value) : null
    event.keepAttr = address !== null
    event.attrValue = address ?? ''
  }
}

/** Word processors write their formats as styles: the editor makes elements of these three. */
function formatsOf(style: string): string {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`a{${style}}`)
  const rule = sheet.cssRules[0]
  if (!(rule instanceof CSSStyleRule)) return ''
  const { fontWeight, fontStyle, textDecorationLine } = rule.style
  return [
    /^bold|^[6-9]00$/.test(fontWeight) ? 'font-weight:bold;' : '',
    fontStyle === 'italic' ? 'font-style:italic;' : '',
    textDecorationLine.includes('underline') ? 'text-decoration:underline;' : '',
  ].join('')
}
