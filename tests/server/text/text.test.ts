import { describe, expect, it } from 'vitest'
import { directionOf, matchLocale, translator } from '../../../src/server/text/text.ts'

describe('translator', () => {
  it('speaks the nearest language there is', () => {
    expect(translator('nl-BE')('frame.language')).toBe('Taal')
    expect(translator('xx')('frame.language')).toBe('Language')
  })

  it('fills in places and plurals', () => {
    const say = translator('en')
    expect(say('reader.from', { name: 'Alice' })).toBe('A message from Alice')
    expect(say('reader.codeWrong', { tries: 1 })).toMatch(/1 try left/)
    expect(say('reader.codeWrong', { tries: 0 })).toMatch(/No try left/)
  })

  it('keeps codes and addresses in their own direction where people write from right to left', () => {
    const reference = '4M-7KQ'
    expect(translator('ar')('passcodeMail.reference', { reference })).toContain(
      '\u20684M-7KQ\u2069',
    )
    expect(translator('en')('passcodeMail.reference', { reference })).not.toMatch(/[\u2066-\u2069]/)
    expect(translator('ar')('mailbox.count', { count: 2 })).toBe('رسالتان')
  })

  it('fails loudly when a place is not filled', () => {
    expect(() => translator('en')('reader.from')).toThrow(/name/)
  })
})

describe('matchLocale', () => {
  it('takes the dearest wish that there is', () => {
    expect(matchLocale('xx, nl;q=0.8, en;q=0.9')).toBe('en')
    expect(matchLocale('nl-BE,xx;q=0.5')).toBe('nl')
    expect(matchLocale(['xx', 'nl'])).toBe('nl')
  })

  it('falls back to English for what is missing, unknown, refused or malformed', () => {
    for (const header of [null, undefined, '', 'xx', 'nl;q=0', '*', ';;;,,,', 'n'.repeat(100_000)])
      expect(matchLocale(header)).toBe('en')
  })
})

describe('directionOf', () => {
  it('knows who writes from right to left', () => {
    expect(['ar', 'he', 'fa', 'ur', 'en', 'nl', 'zh-TW'].map(directionOf)).toEqual([
      'rtl',
      'rtl',
      'rtl',
      'rtl',
      'ltr',
      'ltr',
      'ltr',
    ])
  })
})
