/** Which form of a word goes with a number: the browser knows the rules of every language. ECMA-402 §16 */
export function pluralOf(tag: string): (count: number) => Intl.LDMLPluralRule {
  const rules = new Intl.PluralRules(tag)
  return count => rules.select(count)
}
