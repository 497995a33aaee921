import { describe, expect, it } from 'vitest'
import { decodeWords, fieldText } from '../../../../src/browser/viewer/mail/encoded-words.ts'
import { bytesOf } from './mail-text.ts'

describe('encoded words', () => {
  it.each([
    ['plain =? text', 'plain =? text'],
    ['=?utf-8?Q?Z=C3=BCrich?=', 'Zürich'],
    ['=?utf-8?b?WsO8cmljaA==?=', 'Zürich'],
    ['=?utf-8?b?WsO8cmljaA?=', 'Zürich'],
    ['=?iso-8859-1?q?a_b=5Fc?=', 'a b_c'],
    ['=?utf-8*de?q?Z=C3=BC?=', 'Zü'],
    ['a =?utf-8?q?b?= c', 'a b c'],
    ['=?utf-8?q?a?= =?utf-8?q?b?=', 'ab'],
    ['=?utf-8?q?a?=\t=?iso-8859-1?q?=FC?=', 'aü'],
    ['=?utf-8?q?a_?= b', 'a  b'],
    ['=?utf-8?q?=C3?= =?UTF-8?q?=BC?=', 'ü'],
    ['=?utf-8?b?ww==?= =?utf-8?q?=BC?=', 'ü'],
    ['Re:=?utf-8?q?x?=!', 'Re:x!'],
    ['=?utf-8?q?a b?=', 'a b'],
    ['=?utf-8?q?why??=', 'why?'],
    ['=?utf-8?q?=3D?=', '='],
    ['=?utf-7?q?M+APw-ller?=', 'Müller'],
    ['=?x-nothing?q?=C3=BC?=', 'ü'],
    ['=?utf-8?x?no?=', '=?utf-8?x?no?='],
    ['=?utf-8?q?torn', '=?utf-8?q?torn'],
    ['=?utf-8?q??= x', ' x'],
    ['=??q?Z=C3=BC?=', 'Zü'],
    ['=?iso-8859-1?q?Zürich_=3D?=', 'Zürich ='],
    ['=?iso-2022-jp?b?GyRCJCIbKEI=?= =?iso-2022-jp?b?GyRCJCQbKEI=?=', 'あい'],
  ])('reads %j as %j', (text, decoded) => {
    expect(decodeWords(text)).toBe(decoded)
  })
})

describe('a raw field', () => {
  it('is unfolded', () => {
    expect(fieldText(bytesOf(' a', '  b', '\tc'))).toBe('a  b\tc')
  })

  it('is UTF-8, else in the charset of the mail', () => {
    expect(fieldText(bytesOf('Z\xc3\xbc'), 'koi8-r')).toBe('Zü')
    expect(fieldText(bytesOf('\xed\xcf'), 'koi8-r')).toBe('Мо')
  })
})
