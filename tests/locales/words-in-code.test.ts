import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { wordsInCode } from '../support/words-in-code.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Whatever writes what readers see; answers to mail servers and the words of the program are English. */
const writers = [
  'src/{browser,core,server/{portal,identity,text,demo/pages}}/**/*.{ts,tsx}',
  'src/server/gateway/{notice,render-notice,rendered-notice,seal-mail}.ts',
  'src/server/demo/provider/provider-pages.ts',
]
/** Read by programs: `title` of RFC 9457 for a status that has no name. */
const known = [/^src\/server\/portal\/problem\.ts:\d+: Error$/]

describe('words that people read', () => {
  it('are in the locale files, none in the code', () => {
    const files = writers.flatMap(pattern => globSync(pattern, { cwd: root }))
    expect(files.length).toBeGreaterThan(200)
    const found = files.flatMap(file => wordsInCode(file, readFileSync(`${root}${file}`, 'utf8')))
    expect(found.filter(one => !known.some(pattern => pattern.test(one)))).toEqual([])
  })

  const planted: readonly (readonly [string, string])[] = [
    ['text of an element', 'const a = <p>Hello {name}</p>'],
    ['a word in braces', "const a = <p>{'Hello'}</p>"],
    ['one of two', "const a = <p>{late ? 'Hello' : text('a.b')}</p>"],
    ['what is shown sometimes', "const a = <p>{late && 'Hello'}</p>"],
    ['a template', 'const a = <p>{`Hello ${name}`}</p>'],
    ['a sum', "const a = <p>{'Hello' + name}</p>"],
    ['a title', 'const a = <a title="Hello" />'],
    ['a label for those who cannot see', "const a = <a aria-label={late ? 'Hello' : ''} />"],
    ['a picture’s words', 'const a = <img alt={`Hello ${name}`} />'],
    ['HTML', 'const a = html`<p class="soft">Hello ${name}</p>`'],
    ['an attribute in HTML', 'const a = html`<a title="Hello">${name}</a>`'],
    ['HTML in pieces', 'const a = `<p style="a` + side + `:1px">Hello</p>`'],
    ['what is put on a page', "element.textContent = 'Hello'"],
    ['the window’s title', "document.title = late ? 'Hello' : title"],
    ['what is announced', "announce('Hello')"],
    ['an attribute that is set', "element.setAttribute('aria-label', 'Hello')"],
    ['a subject', "send({ subject: 'Hello', to })"],
    ['a sentence anywhere', "const a = ['Hello and good day']"],
  ]
  for (const [what, code] of planted)
    it(`are found when planted: ${what}`, () => {
      expect(wordsInCode('planted.tsx', code)).toEqual([expect.stringContaining('Hello')])
    })

  it('are not what programs read', () => {
    const code = `import { a } from 'Hello and good day'
type B = 'Hello and good day'
log.info('Hello and good day')
throw new RangeError('Hello and good day')
const c = <p class="Hello" id="Hello">{text('a.hello')} · {x === 'Hello'}</p>
const d = html\`<style>p{content:Hello}</style><p class="Hello">\${say('a.hello')}</p>\`
element.setAttribute('class', 'Hello')`
    expect(wordsInCode('programs.tsx', code)).toEqual([])
  })
})
