import type { RemoteKind } from './remote-items.ts'

/** What the cleaning of a stylesheet or style attribute needs, and whom it tells. */
export interface CssContext {
  /** The local address for one in a message (`cid:` → `blob:`), or null when it must not be fetched. */
  readonly resolve: (address: string) => string | null
  /** For what only the browser's parser finds, behind escapes. */
  readonly noteRemote: (address: string, kind: RemoteKind) => void
  readonly noteColours: () => void
  /** Without the message's own colours. */
  readonly plain: boolean
}

/** Functions that name something to fetch; CSSOM has resolved escapes in them before we look. */
const fetches = /(?:url|src|image|image-set|-webkit-image-set|cross-fade|element)\(/i
/**
 * An address, as CSSOM writes it, or a string, in which nothing is an address. What has no end goes to the end, so that
 * nothing is read twice.
 */
const pieces =
  /url\("((?:[^"\\]|\\[^])*)(?:"\)|$)|"(?:[^"\\]|\\[^])*(?:"|$)|'(?:[^'\\]|\\[^])*(?:'|$)/gi
/** Outside of the pieces: what may have made them end elsewhere than a browser does. */
const escapes = /\\|\/\*/
const local = /^(?:data:image\/|blob:|cid:|#)/i
/** `100vh` of a frame that is as high as its content would be as high as itself: taken as of a screen 800 px high. */
const ofHeight = /(?<![\w.\\-])(-?(?:\d+(?:\.\d+)?|\.\d+))[sld]?v(?:h|b|min|max)\b/gi
const pixelsPerPart = 8
/** Colours of letters and their ground; those of lines are left to the reader's scheme. */
const ownColours =
  /(?:^|[;{\s])(?:color|background(?:-color|-image)?)\s*:\s*(?!inherit|initial|unset|transparent|currentcolor|none|windowtext|canvastext)/i
const colourProperty =
  /^(?:background|.*color$|-webkit-text-(?:fill|stroke)|(?:text|box)-shadow|filter|mix-blend|opacity|--)/
/** Looked for among all that stands beside or below each element: some such rules stop the page for minutes. */
const slowSelector = /:has\(| ~ | of /
/** Each level of these is worked out twice or more for the level above it: thirty nested ones stop the page for ever. */
const slowProperty = /column-(?!gap|rule)|columns|filter|box-reflect/
/** Rules nested deeper are left out: bounds the walk. */
const maxDepth = 8

/**
 * What the text of a `<style>` element of a message may say: nothing that fetches, nothing that ends the element.
 */
export function cleanStyleSheet(css: string, context: CssContext): string {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css) // parses; fetches nothing and drops @import
  const cleaner = new Cleaner(context)
  return finish(cleaner.rules(sheet.cssRules, 0))
}

/** The same of the value of a `style` attribute. */
export function cleanStyleAttribute(value: string, context: CssContext): string {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`a{${value}}`)
  const rule = sheet.cssRules[0]
  return finish(rule instanceof CSSStyleRule ? new Cleaner(context).declarations(rule.style) : '')
}

/** `<` never stands in what comes back: a string may have held `</style>` behind escapes. */
function finish(css: string): string {
  const fixed = css.replaceAll(ofHeight, (_, parts: string) => `${Number(parts) * pixelsPerPart}px`)
  return fixed.replaceAll('<', '\\3c ')
}

class Cleaner {
  readonly #context: CssContext

  constructor(context: CssContext) {
    this.#context = context
  }

  rules(rules: CSSRuleList, depth: number): string {
    if (depth > maxDepth) return ''
    return [...rules].map(rule => this.#rule(rule, depth)).join('\n')
  }

  #rule(rule: CSSRule, depth: number): string {
    if (rule instanceof CSSStyleRule && slowSelector.test(rule.selectorText)) return ''
    if (rule instanceof CSSStyleRule)
      return `${rule.selectorText}{${this.declarations(rule.style)}${this.rules(rule.cssRules, depth + 1)}}`
    if (rule instanceof CSSMediaRule)
      return `@media ${rule.media.mediaText}{${this.rules(rule.cssRules, depth + 1)}}`
    if (rule instanceof CSSSupportsRule)
      return `@supports ${rule.conditionText}{${this.rules(rule.cssRules, depth + 1)}}`
    return '' // @font-face, @import, @page, animations: fetch, or are no part of a letter
  }

  declarations(style: CSSStyleDeclaration): string {
    const whole = style.cssText
    const coloured = ownColours.test(whole)
    if (coloured) this.#context.noteColours()
    const isPlain = !fetches.test(whole) && !whole.includes('--') && !slowProperty.test(whole)
    if (isPlain && !this.#context.plain) return whole
    return [...style].map(name => this.#declaration(style, name)).join('')
  }

  #declaration(style: CSSStyleDeclaration, name: string): string {
    if (slowProperty.test(name) && !name.startsWith('--')) return ''
    if (this.#context.plain && colourProperty.test(name)) return ''
    const value = style.getPropertyValue(name)
    const clean = this.#value(name, value)
    if (clean === null) return ''
    return `${name}:${clean}${style.getPropertyPriority(name) === 'important' ? '!important' : ''};`
  }

  #value(name: string, value: string): string | null {
    // A custom property is raw text: escapes in it may spell any function.
    if (name.startsWith('--')) return fetches.test(value) || value.includes('\\') ? null : value
    if (!fetches.test(value)) return value
    const rest = value.replaceAll(pieces, '')
    let isOwn = !fetches.test(rest) && !escapes.test(rest)
    const clean = value.replaceAll(pieces, (piece: string, address?: string) => {
      if (address === undefined) return piece
      const resolved = local.test(address) ? this.#context.resolve(address) : null
      if (resolved === null) this.#context.noteRemote(address, 'picture')
      isOwn &&= resolved !== null
      return `url("${resolved ?? ''}")`
    })
    return isOwn ? clean : null
  }
}
