import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainTextToHtml } from '../../../src/browser/viewer/body/plain-text.ts'
import { startOfQuote } from '../../../src/browser/viewer/mail/quotes/quote-start.ts'

const body = (text: string): string =>
  /^<div class="plain">(.*)\n<\/div>$|/s.exec(
    plainTextToHtml(text).replace(/<\/div>$/, '</div>'),
  )?.[1] ?? ''

describe('plainTextToHtml', () => {
  it('shows markup as text', () => {
    expect(body('<b>&"')).toBe('&lt;b&gt;&amp;&quot;')
  })

  it('makes links of addresses, without the sentence around them', () => {
    expect(body('see https://example.com/a_(b)?x=1&y=2, or')).toBe(
      'see <a href="https://example.com/a_(b)?x=1&amp;y=2">https://example.com/a_(b)?x=1&amp;y=2</a>, or',
    )
    expect(body('(www.example.com).')).toBe(
      '(<a href="https://www.example.com">www.example.com</a>).',
    )
    expect(body('to bob@example.org!')).toBe(
      'to <a href="mailto:bob@example.org">bob@example.org</a>!',
    )
  })

  it('shows quotes as blocks, however they are marked', () => {
    const html = plainTextToHtml('> a\n>> b\n> > c\nd')
    expect(html).toBe(
      '<div class="plain"><blockquote>a\n<blockquote>b\nc\n</blockquote></blockquote>d\n</div>',
    )
  })

  it('folds a long quote at the end, with the line that names its writer, and no other', () => {
    const quote = `On Monday 3 May 2027 Bob wrote:\n${'> line\n'.repeat(8)}`
    const folded = plainTextToHtml(`Thanks.\n\n${quote}`, {
      label: 'Earlier <messages>',
      startOfQuote,
    })
    expect(folded).toContain(
      '<div class="plain">Thanks.\n\n<details class="zegel-quote"><summary>Earlier &lt;messages&gt;</summary>On Monday 3 May 2027 Bob wrote:\n<blockquote>line\n',
    )
    for (const other of ['Short.\n> one\n> two', quote, `${quote}\nMy answer`])
      expect(plainTextToHtml(other, { label: 'Earlier', startOfQuote }), other).not.toContain(
        '<details',
      )
    expect(plainTextToHtml(`Thanks.\n\n${quote}`)).not.toContain('<details')
  })

  it('bounds how deep quotes nest', () => {
    expect(plainTextToHtml('>'.repeat(5000)).match(/<blockquote>/g)).toHaveLength(20)
  })

  it('keeps indentation', () => {
    expect(body('    code')).toBe('    code')
  })

  it('lets nothing of the text become an element, an attribute or an entity of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const html = plainTextToHtml(text)
        const known =
          /<\/?blockquote>|<a href="(?:https?:\/\/|mailto:)[^"<>]*">|<\/a>|<div class="plain">|<\/div>/g
        expect(html.replaceAll(known, '')).not.toMatch(/[<>"]/)
      }),
    )
  })

  it('takes time in proportion to the text', () => {
    for (const text of [
      'www.'.repeat(100_000),
      'a@'.repeat(100_000),
      'a.'.repeat(200_000),
      '> '.repeat(200_000),
      `http://${'.'.repeat(900)}a${')'.repeat(1000)} `.repeat(500),
    ])
      expect(plainTextToHtml(text).length).toBeGreaterThan(0)
  }, 10_000)
})
