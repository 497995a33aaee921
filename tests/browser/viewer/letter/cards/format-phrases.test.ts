import { expect, it, vi } from 'vitest'
import { locale } from '../../../../../src/browser/ui/text.ts'
import { formatPhrases } from '../../../../../src/browser/viewer/letter/cards/format-phrases.ts'

vi.mock('virtual:zegel-locales', () => ({ locales: [], loadLocale: () => undefined }))

it('how often an appointment repeats is no list with an “and” before its end', () => {
  const joined = (tag: string, phrases: readonly string[]): string => {
    locale.value = tag
    return formatPhrases(phrases)
  }
  expect(joined('en', ['every week', 'on Monday', '6 times'])).toBe(
    'every week, on Monday, 6 times',
  )
  expect(joined('de', ['jede Woche', 'am Montag', '6-mal'])).toBe('jede Woche, am Montag, 6-mal')
  expect(joined('fr', ['chaque semaine', '6 fois'])).toBe('chaque semaine, 6 fois')
  expect(joined('fr', ['chaque semaine'])).toBe('chaque semaine')
})
