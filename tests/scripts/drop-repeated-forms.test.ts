import { expect, it } from 'vitest'
import { dropRepeatedForms } from '../../scripts/drop-repeated-forms.ts'
import { readMessages } from '../../src/server/text/read-messages.ts'
import { compileMessage } from '../../src/server/text/compile-message.ts'
import { flat, tokensOf } from '../support/locale-faults.ts'

it('what a plural form shares with the last one is loaded once', () => {
  expect(
    dropRepeatedForms(
      '{n, plural, =0 {all} one {{a} day} few {all} other {all}}; {n, plural, other {x}}',
    ),
  ).toBe('{n, plural, =0 {all} one {{a} day} other {all}}; {n, plural, other {x}}')
  expect(dropRepeatedForms('{n, plural, one {# day} few {# days} other {# days}} left')).toBe(
    '{n, plural, one {# day} other {# days}} left',
  )
  expect(dropRepeatedForms('Nothing to {do}')).toBe('Nothing to {do}')
})

it('no number is said otherwise without them', () => {
  const plurals = [...flat(readMessages('ar')).values()].filter(one => one.includes(', plural,'))
  expect(plurals.length).toBeGreaterThan(20)
  for (const message of plurals)
    for (const n of [0, 1, 2, 3, 11, 100, 1000]) {
      const places = tokensOf(message).flatMap(token => ('arg' in token ? [token.arg] : []))
      const all = Object.fromEntries(places.map(name => [name, n]))
      const short = compileMessage('ar', dropRepeatedForms(message))
      expect(short(all)).toBe(compileMessage('ar', message)(all))
    }
})
