import { describe, expect, it } from 'vitest'
import { languageNames } from '../../../src/server/text/language-names.ts'
import { parseAcceptLanguage, selectLocale } from '../../../src/server/text/match-locale.ts'

const available = 'en nl zh-TW zh-CN de fr es it pt-BR pl tr uk ar he ja ko'.split(' ')
const chosen = (header: string): string | null =>
  selectLocale(parseAcceptLanguage(header), available)

describe('the language of a browser', () => {
  const wishes: readonly (readonly [string, string | null])[] = [
    ['zh-TW', 'zh-TW'],
    ['zh-HK', 'zh-TW'],
    ['zh-MO', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-HK', 'zh-TW'],
    ['zh', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    ['zh-Hans', 'zh-CN'],
    ['zh-Hans-TW', 'zh-CN'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['iw', 'he'],
    ['he-IL', 'he'],
    ['ar-EG', 'ar'],
    ['de-CH', 'de'],
    ['es-419', 'es'],
    ['en-GB', 'en'],
    ['uk-UA', 'uk'],
    ['nb', null],
    ['ru, uk;q=0.8', 'uk'],
    ['nb, da;q=0.9, en-US;q=0.5', 'en'],
    ['az-Arab', null],
  ]
  for (const [header, tag] of wishes)
    it(`${header} gets ${tag ?? 'what the portal has for strangers'}`, () =>
      expect(chosen(header)).toBe(tag))
})

it('languages are in the order of their own names, Chinese by its writing and not by a country', () => {
  expect(languageNames(available).map(({ name }) => name)).toEqual([
    'Deutsch',
    'English',
    'Español',
    'Français',
    'Italiano',
    'Nederlands',
    'Polski',
    'Português (Brasil)',
    'Türkçe',
    'Українська',
    'עברית',
    'العربية',
    '한국어',
    '日本語',
    '简体中文',
    '繁體中文',
  ])
})
