import { afterEach, expect, it, vi } from 'vitest'
import {
  formatBytes,
  formatList,
  formatMoment,
  formatWait,
  region,
} from '../../../src/browser/ui/format.ts'
import { locale } from '../../../src/browser/ui/text.ts'

vi.mock('virtual:zegel-locales', () => ({ locales: [], loadLocale: () => undefined }))
afterEach(() => vi.unstubAllGlobals())

function read(own: string, languages: readonly string[]): void {
  locale.value = own
  vi.stubGlobal('navigator', { languages })
}

it('dates are written as the browser writes the page’s language', () => {
  read('en', ['de-DE', 'en-GB', 'en-US'])
  expect(formatMoment(Date.UTC(2026, 11, 21, 12))).toMatch(/^21 December 2026/)
  read('pt-BR', ['pt-PT'])
  expect(region()).toMatch(/^pt-BR\b/)
  read('en', ['en-US@posix'])
  expect(region()).toMatch(/^en\b/)
})

it('digits are those of passcodes, also where the browser would write others', () => {
  for (const tag of ['ar', 'ar-EG', 'ar-SA', 'ar-EG-u-nu-arab']) {
    read('ar', [tag])
    const all = [formatMoment(0), formatWait(20), formatBytes(3_400_000)].join(' ')
    expect(all).toMatch(/\d/)
    expect(all, tag).not.toMatch(/[\u0660-\u0669]/)
  }
})

it('a list is joined as its words want it, and each keeps its own direction', () => {
  read('he', ['he'])
  expect(formatList(['דנה', 'נועה'])).toBe('\u2068דנה\u2069 ו\u2068נועה\u2069')
  expect(formatList(['דנה', 'Bob'])).toBe('\u2068דנה\u2069 ו-\u2068Bob\u2069')
  read('es', ['es'])
  expect(formatList(['Ana', 'Inés'])).toBe('Ana e Inés')
})
