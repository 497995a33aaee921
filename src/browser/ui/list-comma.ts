import { locale } from './text.ts'

/** `, ` or `、`: what stands between two of a list that goes on after them. */
export function listComma(): string {
  const list = new Intl.ListFormat(locale.value, { type: 'conjunction' })
  const between = list.formatToParts(['1', '2', '3']).find(({ type }) => type === 'literal')
  return between?.value ?? ', '
}
