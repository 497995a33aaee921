import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { htmlToText } from '../../../src/browser/composer/quote/html-to-text.ts'
import { quoteText } from '../../../src/browser/composer/quote/quote-text.ts'
import { quoteHead } from '../../../src/browser/composer/quote/quote-head.ts'
import { readMailboxes } from '../../../src/browser/viewer/mail/addresses.ts'
import { element as e } from './tree.ts'

const text = (children: NonNullable<Parameters<typeof e>[1]>): string =>
  htmlToText(e('body', children))

describe('text of HTML', () => {
  it('has a line for each block and none for blanks between them', () => {
    expect(text([e('div', ['One\n  two ']), ' \n ', e('div', ['three'])])).toBe('One two\nthree')
  })

  it('parts paragraphs by an empty line', () => {
    expect(text([e('p', ['a']), e('p', ['b', e('br'), 'c'])])).toBe('a\n\nb\nc')
  })

  it('keeps an empty line that was typed', () => {
    expect(text([e('div', ['a']), e('div', [e('br')]), e('div', ['b'])])).toBe('a\n\nb')
  })

  it('marks lists', () => {
    expect(text([e('ul', [e('li', ['a', e('br'), 'b']), e('li', ['c'])])])).toBe('- a\n  b\n- c')
    expect(text([e('ol', [e('li', ['a']), e('li', ['b'])])])).toBe('1. a\n2. b')
  })

  it('marks quotes as deep as they are', () => {
    const quote = e('blockquote', ['a', e('blockquote', ['b']), e('p', ['c'])])
    expect(text(['x', quote, 'y'])).toBe('x\n\n> a\n>\n> > b\n>\n> c\n\ny')
  })

  it('says where a link leads, once', () => {
    const link = (words: string, href: string) => e('a', [words], { href })
    expect(text(['See ', link('the offer', 'https://a.example/x'), '.'])).toBe(
      'See the offer <https://a.example/x>.',
    )
    expect(text([link('https://a.example/', 'https://a.example/')])).toBe('https://a.example/')
    expect(text([link('bob@a.example', 'mailto:bob@a.example')])).toBe('bob@a.example')
    expect(text([link('click', 'javascript:x')])).toBe('click')
  })

  it('keeps the lines of preformatted text and the words for a picture', () => {
    expect(text([e('pre', ['a\n  b\n\nc'])])).toBe('a\n  b\n\nc')
    expect(text([e('img', [], { alt: 'The plan' }), e('img')])).toBe('[The plan]')
  })

  it('says nothing of styles and scripts', () => {
    expect(text([e('style', ['p{}']), e('script', ['x']), 'a'])).toBe('a')
  })

  it('loses no word, whatever it stands in', () => {
    const names = ['div', 'p', 'b', 'li', 'ul', 'ol', 'blockquote', 'pre', 'td', 'tr', 'a', 'h2']
    const word = fc.stringMatching(/^[a-z]{1,8}$/)
    const { node } = fc.letrec(tie => ({
      node: fc.oneof(
        { maxDepth: 6 },
        word.map(one => e('span', [one])),
        fc
          .tuple(fc.constantFrom(...names), fc.array(tie('node'), { maxLength: 4 }))
          .map(([name, children]) => e(name, children as ReturnType<typeof e>[])),
      ),
    }))
    const wordsIn = (one: ReturnType<typeof e>): string =>
      (one.nodeValue ?? '') +
      Array.from(one.childNodes)
        .map(child => wordsIn(child))
        .join('')
    fc.assert(
      fc.property(node, tree => {
        const found = htmlToText(e('body', [tree]))
        expect(found.replaceAll(/[^a-z]/g, '')).toBe(wordsIn(tree))
        expect(found).not.toMatch(/[ \t]$/m)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a quoted text', () => {
  it('is marked, and deeper where it is a quote already', () => {
    expect(quoteText('a\r\n\n> b\nc\n')).toBe('> a\n>\n>> b\n> c')
  })
})

const words = {
  attribution: (date: string, sender: string) => `On ${date}, ${sender} wrote:`,
  forwarded: 'Forwarded message',
  field: (name: string, value: string) => `${name}: ${value}`,
  moment: (timeMs: number) => `${timeMs} ms`,
}
const letter = {
  subject: 'Offer',
  to: readMailboxes('Bob <bob@example.org>, ann@example.com'),
  cc: [],
  dateMs: null,
}

describe('the head of a quote', () => {
  const quoted = { letter, sender: { name: 'Alice', address: 'alice@example.com' }, createdAtMs: 7 }

  it('names the verified sender, whatever the letter says of itself', () => {
    expect(quoteHead('reply', quoted, words)).toEqual(['On 7 ms, Alice <alice@example.com> wrote:'])
  })

  it('gives the header fields of a forwarded letter, empty ones left out', () => {
    expect(quoteHead('forward', quoted, words)).toEqual([
      '---------- Forwarded message ----------',
      'from: Alice <alice@example.com>',
      'date: 7 ms',
      'subject: Offer',
      'to: Bob <bob@example.org>, ann@example.com',
    ])
  })
})
