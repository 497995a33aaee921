import { expect, it, vi } from 'vitest'
import { listComma } from '../../../src/browser/ui/list-comma.ts'
import { locale } from '../../../src/browser/ui/text.ts'

vi.mock('virtual:zegel-locales', () => ({ locales: [], loadLocale: () => undefined }))

it.each([
  ['en', ', '],
  ['de', ', '],
  ['ko', ', '],
  ['ja', '、'],
  ['zh-CN', '、'],
  ['zh-TW', '、'],
])('what stands between two recipients in %s is its own', (tag, comma) => {
  locale.value = tag
  expect(listComma()).toBe(comma)
})
