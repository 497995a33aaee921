/** What a stylesheet or style attribute of a message may say: nothing that fetches, nothing that ends the element. */
export interface CleanCss {
  readonly css: string
  /** Remote addresses that were left out. */
  readonly remote: readonly string[]
}

/** Functions that name something to fetch; CSSOM has resolved escapes in them before we look. */
const fetches = /(?:url|src|image|image-set|-webkit-image-set|cross-fade|element)\(/i
const address = /url\(\s*["']?([^"')]*)/gi
const local = /^(?:data:image\/|blob:|cid:|#)/i
/** `100vh` of a frame that is as high as its content would be as high as itself: taken as of a screen 800 px high. */
const ofHeight = /(-?\d*\.?\d+)[sld]?v(?:h|b|min|max)\b/gi
const pixelsPerPart = 8
/** Left out by the parser; counted with what was kept out. */
const imports = /@import\s+(?:url\()?\s*["']?([^"')\s;]+)/gi
/** Rules nested deeper are left out: bounds the walk. */
const maxDepth = 8

/** Cleans the text of a `<style>` element. */
export function cleanStyleSheet(css: string, resolve: ResolveAddress): CleanCss {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css) // parses; fetches nothing and drops @import
  const cleaner = new Cleaner(resolve)
  const imported = [...css.matchAll(imports)].map(match => match[1] ?? '')
  const { css: clean, remote } = cleaner.finish(cleaner.rules(sheet.cssRules, 0))
  return { css: clean, remote: [...remote, ...imported] }
}

/** Cleans the value of a `style` attribute. */
export function cleanStyleAttribute(value: string, resolve: ResolveAddress): CleanCss {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`a{${value}}`)
  const rule = sheet.cssRules[0]
  const cleaner = new Cleaner(resolve)
  return cleaner.finish(rule instanceof CSSStyleRule ? cleaner.declarations(rule.style) : '')
}

/** The local address for one in a message (`cid:` → `blob:`), or null when it must not be fetched. */
export type ResolveAddress = (address: string) => string | null

class Cleaner {
  readonly #remote: string[] = []
  readonly #resolve: ResolveAddress

  constructor(resolve: ResolveAddress) {
    this.#resolve = resolve
  }

  /** `<` never stands in what comes back: a string may have held `</style>` behind escapes. */
  finish(css: string): CleanCss {
    const fixed = css.replaceAll(
      ofHeight,
      (_, parts: string) => `${Number(parts) * pixelsPerPart}px`,
    )
    return { css: fixed.replaceAll('<', '\\3c '), remote: this.#remote }
  }

  rules(rules: CSSRuleList, depth: number): string {
    if (depth > maxDepth) return ''
    return [...rules].map(rule => this.#rule(rule, depth)).join('\n')
  }

  #rule(rule: CSSRule, depth: number): string {
    if (rule instanceof CSSStyleRule)
      return `${rule.selectorText}{${this.declarations(rule.style)}${this.rules(rule.cssRules, depth + 1)}}`
    if (rule instanceof CSSMediaRule)
      return `@media ${rule.media.mediaText}{${this.rules(rule.cssRules, depth + 1)}}`
    if (rule instanceof CSSSupportsRule)
      return `@supports ${rule.conditionText}{${this.rules(rule.cssRules, depth + 1)}}`
    return '' // @font-face, @import, @page, animations: fetch, or are no part of a letter
  }

  declarations(style: CSSStyleDeclaration): string {
    const plain = style.cssText
    if (!fetches.test(plain) && !plain.includes('--')) return plain
    return [...style].map(name => this.#declaration(style, name)).join('')
  }

  #declaration(style: CSSStyleDeclaration, name: string): string {
    const value = style.getPropertyValue(name)
    const clean = this.#value(name, value)
    if (clean === null) return ''
    return `${name}:${clean}${style.getPropertyPriority(name) === 'important' ? '!important' : ''};`
  }

  #value(name: string, value: string): string | null {
    // A custom property is raw text: escapes in it may spell any function.
    if (name.startsWith('--')) return fetches.test(value) || value.includes('\\') ? null : value
    if (!fetches.test(value)) return value
    const addresses = [...value.matchAll(address)].map(match => match[1] ?? '')
    const resolved = addresses.map(one => (local.test(one) ? this.#resolve(one) : null))
    const whole = value.replaceAll(/url\((?:"[^"]*"|'[^']*'|[^)]*)\)/gi, '')
    if (resolved.includes(null) || fetches.test(whole)) {
      this.#remote.push(...addresses.filter(one => !local.test(one)))
      return null
    }
    let at = 0
    return value.replaceAll(
      /url\((?:"[^"]*"|'[^']*'|[^)]*)\)/gi,
      () => `url("${resolved[at++] ?? ''}")`,
    )
  }
}
