import { locale } from '../../../ui/text.ts'

/** `every 2 weeks, on Monday, until 3 May 2027`: phrases side by side, of which none is the last of a list. */
export function formatPhrases(phrases: readonly string[]): string {
  const list = new Intl.ListFormat(locale.value, { type: 'unit', style: 'short' })
  const between = list.formatToParts(['1', '2', '3']).find(({ type }) => type === 'literal')
  return phrases.join(between?.value ?? '')
}
