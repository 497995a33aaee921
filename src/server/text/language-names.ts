export interface LanguageName {
  /** BCP 47 tag. */
  readonly tag: string
  /** As its own readers call it: `Nederlands`, `繁體中文`. */
  readonly name: string
}

/** Languages to choose from, each by its own name, in the order of these names: Latin letters first. */
export function languageNames(tags: readonly string[]): readonly LanguageName[] {
  const order = new Intl.Collator('en')
  return tags
    .map(tag => ({ tag, name: ownName(tag) }))
    .toSorted((a, b) => order.compare(a.name, b.name))
}

/** Of a language that is written in two ways, the name of the way: readers look for it, not for a country. */
function ownName(tag: string): string {
  const { language, script = '' } = new Intl.Locale(tag).maximize()
  const named = language === 'zh' ? `${language}-${script}` : tag
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(named) ?? tag
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
}
