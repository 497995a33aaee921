import { describe, expect, it } from 'vitest'
import { decodeCharset, isKnownCharset } from '../../../../src/browser/viewer/mail/charset.ts'
import { bytesOf, raw, utf8 } from './mail-text.ts'

describe('charsets', () => {
  it.each([
    ['utf-8', 'Z\xc3\xbc', 'Zü'],
    ['"UTF-8"', 'Z\xc3\xbc', 'Zü'],
    ['utf-8*de', 'Z\xc3\xbc', 'Zü'],
    ['iso-8859-1', 'Z\xfc\x80', 'Zü€'],
    ['iso-8859-15', '\xa4', '€'],
    ['windows-1252', '\x93x\x94', '“x”'],
    ['cp1251', '\xcc\xee', 'Мо'],
    ['windows1251', '\xcc\xee', 'Мо'],
    ['koi8-r', '\xed\xcf', 'Мо'],
    ['cp932', '\x82\xa0', 'あ'],
    ['shift_jis', '\x82\xa0', 'あ'],
    ['euc-jp', '\xa4\xa2', 'あ'],
    ['iso-2022-jp', '\x1b$B$"\x1b(B', 'あ'],
    ['gb2312', '\xc4\xe3', '你'],
    ['big5', '\xa7\x41', '你'],
    ['ks_c_5601-1987', '\xb0\xa1', '가'],
    ['tis-620', '\xa1', 'ก'],
    ['macroman', '\x8a', 'ä'],
    ['utf-7', 'M+APw-ller 1 +- 1', 'Müller 1 + 1'],
    ['win-1251', '\xcc\xee', 'Мо'],
    ['iso-2022-kr', '\x1b$)CHi \x0e0!3*\x0f!', 'Hi 가나!'],
    ['hz-gb-2312', 'Hi ~{Dc:C~}! ~~', 'Hi 你好! ~'],
    ['x-windows-949', '\xb0\xa1', '가'],
    ['utf-16', '\xfe\xff\0A', 'A'],
    ['utf-16', '\xff\xfeA\0', 'A'],
    ['utf-16', '\0A\0B', 'AB'],
    ['utf-16', 'A\0B\0', 'AB'],
    ['utf-16le', 'A\0B\0', 'AB'],
  ])('%s', (charset, bytes, text) => {
    expect(decodeCharset(bytesOf(bytes), charset)).toEqual({ text, guessed: false })
  })

  it.each([null, '', 'us-ascii', 'x-unknown', 'no-such-charset'])(
    'reads UTF-8 where %j is named',
    charset => {
      expect(decodeCharset(utf8('Zürich €'), charset)).toEqual({ text: 'Zürich €', guessed: false })
    },
  )

  it.each([
    ['Western European', 'Gr\xfc\xdfe aus Z\xfcrich', 'Grüße aus Zürich'],
    ['KOI8', '\xed\xcf\xd1 \xd3\xc5\xcd\xd8\xd1', 'Моя семья'],
    ['Windows Cyrillic', '\xcc\xee\xff \xf1\xe5\xec\xfc\xff', 'Моя семья'],
    ['Shift_JIS', '\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd', 'こんにちは'],
    ['EUC-JP', '\xa4\xb3\xa4\xf3\xa4\xcb\xa4\xc1\xa4\xcf', 'こんにちは'],
    ['EUC-KR', '\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4', '안녕하세요'],
    ['UTF-8 with a lost byte', 'Z\xc3\xbcrich \xe2\x82', 'Zürich \ufffd'],
  ])('guesses %s when nothing is named, and says so', (_name, bytes, text) => {
    expect(decodeCharset(bytesOf(bytes), null)).toEqual({ text, guessed: true })
  })

  it.each([
    ['between two words', '\x1b$B$"\x1b(B\x1b$B$$\x1b(B', 'あい'],
    ['one after the other', '\x1b(B\x1b(J\x1b$@\x1b$B$"\x1b(B.', 'あ.'],
  ])('reads escape sequences that say nothing: %s', (_name, bytes, text) => {
    expect(decodeCharset(bytesOf(bytes), 'iso-2022-jp')).toEqual({ text, guessed: false })
  })

  it.each([
    ['iso-2022-jp', '\x1b$B$"$', 'あ\ufffd'],
    ['iso-2022-jp', '\x1b$B$")!$"\x1b(B', 'あ\ufffdあ'],
    ['utf-16le', 'A\0B\0\n', 'AB\ufffd'],
  ])('%s that is cut off stays what it is: %j', (charset, bytes, text) => {
    expect(decodeCharset(bytesOf(bytes), charset)).toEqual({ text, guessed: false })
  })

  it.each([
    ['iso-2022-jp', 'Shift_JIS', '\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd', 'こんにちは', true],
    ['iso-2022-jp', 'EUC-JP', '\xa4\xb3\xa4\xf3\xa4\xcb\xa4\xc1\xa4\xcf', 'こんにちは', true],
    ['iso-2022-jp', 'UTF-8', raw('こんにちは'), 'こんにちは', false],
    ['gb2312', 'UTF-8', raw('你好！17%'), '你好！17%', false],
  ])('%s that does not fit is read as what it is: %s', (charset, _name, bytes, text, guessed) => {
    expect(decodeCharset(bytesOf(bytes), charset)).toEqual({ text, guessed })
  })

  it('reads all that fits where one byte is damaged', () => {
    expect(decodeCharset(bytesOf('\xc4\xe3\xff\xba\xc3'), 'gb2312').text).toBe('你\ufffd好')
    expect(decodeCharset(bytesOf('\x1b$B$"\x1b(B\xff'), 'iso-2022-jp').text).toBe('あ\ufffd')
  })

  it('does not guess Chinese from a few letters with accents', () => {
    expect(decodeCharset(bytesOf('\xec\xb9\xe8\xf8\xbe\xfd\xe1\xed\xe9'), null).text).toBe(
      'ì¹èø¾ýáíé',
    )
  })

  it('takes a fallback before a guess, unless it is one that the bytes are not in', () => {
    expect(decodeCharset(bytesOf('Gr\xfc\xdfe'), null, 'utf-8').text).toBe('Grüße')
    expect(decodeCharset(bytesOf('\xa4'), null, 'iso-8859-15').text).toBe('€')
  })

  it('knows what it can read', () => {
    const known = ['utf-8', 'UTF-7', 'cp932', 'x-unknown', 'no-such-charset', '', null]
    expect(known.map(isKnownCharset)).toEqual([true, true, true, false, false, false, false])
  })
})
