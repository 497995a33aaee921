import { describe, expect, it } from 'vitest'
import { parseParameters } from '../../../../src/browser/viewer/mail/parameters.ts'

function nameIn(text: string): string | undefined {
  return parseParameters(text).parameters.get('name')
}

describe('a field with parameters', () => {
  it('has a value in lower case', () => {
    expect(parseParameters(' Text/HTML (a comment) ; Charset=UTF-8').value).toBe('text/html')
    expect(parseParameters('Text/HTML charset=utf-8').value).toBe('text/html')
  })

  it.each([
    ['a/b; name=x.pdf', 'x.pdf'],
    ['a/b; NAME = "x y.pdf"', 'x y.pdf'],
    ['a/b;name=x y.pdf; size=1', 'x y.pdf'],
    ['a/b;name=x.pdf size=1; z=1', 'x.pdf'],
    ['a/b; name="x;y=z.pdf"; size=1', 'x;y=z.pdf'],
    ['a/b; name="say \\"hi\\".txt"', 'say "hi".txt'],
    ['a/b; name="C:\\temp\\x.txt"', 'C:\\temp\\x.txt'],
    ['a/b; name="not closed.txt', 'not closed.txt'],
    ['a/b; name="x.txt" garbage; size=1', 'x.txt'],
    ['a/b; name=first; name=second', 'first'],
    ['a/b; name="=?utf-8?q?Z=C3=BC?=.txt"', 'Zü.txt'],
    ['a/b; name==?utf-8?B?YQ==?=', 'a'],
    ["a/b; name*=utf-8'de'Z%C3%BC.txt", 'Zü.txt'],
    ["a/b; name*=iso-8859-1''%FC", 'ü'],
    ['a/b; name*=Z%C3%BC', 'Zü'],
    ["a/b; name*0*=utf-8''Z%C3; name*1*=%BC; name*2=.txt", 'Zü.txt'],
    ['a/b; name*1=b; name*0=a; name*2=c', 'abc'],
    ['a/b; name*0=a; name*2=c', 'a'],
    ["a/b; name=plain; name*=utf-8''better", 'better'],
    ['a/b; name*0="=?utf-8?q?Z=C3"; name*1="=BC?="', 'Zü'],
    ["a/b; name*=utf-8''100%", '100%'],
    ['a/b; name*=', ''],
    ['a/b name="x y.pdf"; size=1', 'x y.pdf'],
    ['attachment name=x.pdf', 'x.pdf'],
    ['a/b; name*="=?utf-8?q?Z=C3=BC?="', 'Zü'],
    ['a/b; name', undefined],
    ['a/b;;; ;=x; name=y', 'y'],
  ])('%j names %j', (text, name) => {
    expect(nameIn(text)).toBe(name)
  })
})
