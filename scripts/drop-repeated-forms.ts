import { parse } from '@messageformat/parser'
import type { Select, SelectCase } from '@messageformat/parser'

/**
 * A sentence without the plural forms that say the same as `other`, which is taken in their place.
 * Locale files have every form, so that none is forgotten; browsers load only what differs.
 * @param message ICU MessageFormat without quoting
 */
export function dropRepeatedForms(message: string): string {
  const repeated = parse(message)
    .filter((token): token is Select => token.type === 'plural')
    .flatMap(token => repeatedForms(message, token.cases))
  return repeated.reduceRight(
    (kept, [start, end]) => kept.slice(0, start) + kept.slice(end),
    message,
  )
}

/** Where they stand, from the key to the closing brace. */
function repeatedForms(
  message: string,
  cases: readonly SelectCase[],
): readonly (readonly [number, number])[] {
  const forms = cases.map(({ key, ctx }) => {
    const body = ctx.offset + ctx.text.length
    const end = closingBrace(message, body)
    return { key, start: ctx.offset, end: end + 1, words: message.slice(body, end) }
  })
  const other = forms.find(({ key }) => key === 'other')?.words
  return forms
    .filter(({ key, words }) => key !== 'other' && !key.startsWith('=') && words === other)
    .map(({ start, end }) => [start, end] as const)
}

/** Of the form whose words begin at `start`. */
function closingBrace(message: string, start: number): number {
  let depth = 1
  for (let at = start; at < message.length; at++) {
    if (message[at] === '{') depth++
    if (message[at] === '}') depth--
    if (depth === 0) return at
  }
  throw new RangeError(`a brace is not closed: ${message}`)
}
