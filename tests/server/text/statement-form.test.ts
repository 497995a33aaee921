import { describe, expect, it } from 'vitest'
import { parseStatement } from '../../../src/server/text/parse-statement.ts'
import { parseTranslation } from '../../../src/server/text/parse-translation.ts'
import { speak } from '../../../src/server/text/speak-statement.ts'
import { readParts } from '../../../src/server/text/statement-parts.ts'
import { StatementError } from '../../../src/server/text/statement-error.ts'
import { textHash } from '../../../src/server/text/text-hash.ts'

const header = '---\nupdated: 2026-11-21\ntext: 0123456789abcdef\n---\n'
const english = `${header}
# title

Privacy

## message

Your message

### kept promise if audit if not demo

It is kept for {auditTime}.

### more

See [the page](/associations).
`
const dutch = `${header}
# title

> Privacy

Privacy

## message

> Your message

Uw bericht

### kept

> It is kept for {auditTime}.

Het wordt {auditTime} bewaard.

### more

> See [the page](/associations).

Zie [de pagina](/associations).
`
const statement = parseStatement(english)
const textsOf = (source: string) => parseTranslation(source, statement).texts
const faultsOf = (source: string) => parseTranslation(source, statement).faults

describe('the English text', () => {
  it('has sections of sentences, with what they promise and when they are said', () => {
    expect(statement).toEqual({
      title: 'Privacy',
      updated: '2026-11-21',
      sections: [
        {
          id: 'message',
          heading: 'Your message',
          sentences: [
            {
              id: 'kept',
              text: 'It is kept for {auditTime}.',
              promise: true,
              conditions: [
                { fact: 'audit', holds: true },
                { fact: 'demo', holds: false },
              ],
            },
            {
              id: 'more',
              text: 'See [the page](/associations).',
              promise: false,
              conditions: [],
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['no header', english.slice(header.length), /line 1: begin with four lines/],
    ['no date', english.replace('2026-11-21', '2026-02-30'), /line 2: updated is no date/],
    ['no title', english.replace('# title', '# headline'), /line 6: begin with the heading/],
    ['a second title', `${english}\n# more-title\n\nAgain\n`, /there is one title/],
    ['an id that stands there twice', english.replace('### more', '### kept'), /twice/],
    ['a sentence before every section', english.replace('## message', '### lost'), /in a section/],
    ['marks of a section', english.replace('## message', '## message promise'), /no marks/],
    ['a mark it does not know', english.replace('promise if', 'pledge if'), /after the id stand/],
    ['two lines', english.replace('See', 'One.\nSee'), /one line of text/],
    [
      'an empty sentence',
      english.replace('See [the page](/associations).', ''),
      /one line of text/,
    ],
    ['a quote', english.replace('See', '> See'), /one line of text/],
    ['text before the title', english.replace('# title', 'Hello\n\n# title'), /before the first/],
    [
      'a heading of another kind',
      english.replace('### more', '### More!'),
      /line 18: a heading is/,
    ],
    [
      'a bracket that is not closed',
      english.replace('{auditTime}', '{auditTime'),
      /line 14: brack/,
    ],
    ['a link that leads away', english.replace('(/ass', '(https://a.example/ass'), /brackets/],
  ])('with %s is refused with its line', (_, source, message) => {
    expect(() => parseStatement(source)).toThrow(StatementError)
    expect(() => parseStatement(source)).toThrow(message)
  })
})

describe('a translation', () => {
  it('has a line for each of the English text', () => {
    expect(faultsOf(dutch)).toEqual([])
    expect(Object.fromEntries(textsOf(dutch))).toEqual({
      title: 'Privacy',
      message: 'Uw bericht',
      kept: 'Het wordt {auditTime} bewaard.',
      more: 'Zie [de pagina](/associations).',
    })
  })

  it.each([
    ['a sentence that is missing', dutch.slice(0, dutch.indexOf('### more')), 'more is not transl'],
    ['a sentence that is no more', dutch.replace('### more', '### old'), 'English text has no old'],
    [
      'a place that is missing',
      dutch.replace('wordt {auditTime}', 'wordt'),
      'kept has other places',
    ],
    ['another link', dutch.replace('pagina](/associations)', 'pagina](/open)'), 'more has other'],
    ['another order', swapped(dutch), 'the order is not'],
    [
      'a sentence twice',
      `${dutch}${dutch.slice(dutch.indexOf('\n### more'))}`,
      'more stands there',
    ],
  ])('with %s is not whole', (_, source, fault) => {
    expect(faultsOf(source)).toEqual(expect.arrayContaining([expect.stringContaining(fault)]))
  })

  it('of an older English sentence gives way to the English of today', () => {
    const changed = parseStatement(english.replace('is kept', 'is stored'))
    const translation = parseTranslation(dutch, changed)
    expect(translation.faults).toEqual([
      'line 18: kept does not quote the English text of today: > It is stored for {auditTime}.',
      'kept is not translated',
    ])
    const [section] = speak(changed, 'nl', translation).sections
    expect(section?.sentences.map(({ translated }) => translated)).toEqual([
      null,
      'Zie [de pagina](/associations).',
    ])
  })

  it('that is not there leaves the statement in English', () => {
    const spoken = speak(statement, 'fi', undefined)
    expect([spoken.tag, spoken.translated, spoken.title]).toEqual([
      'en',
      null,
      { english: 'Privacy', translated: null },
    ])
  })
})

function swapped(source: string): string {
  const [kept, more] = [source.indexOf('### kept'), source.indexOf('### more')]
  return `${source.slice(0, kept)}${source.slice(more)}\n${source.slice(kept, more)}`
}

it('a sentence is made of text, places and links', () => {
  expect(readParts('By {operator}: [see](/privacy).')).toEqual([
    { kind: 'text', text: 'By ' },
    { kind: 'place', name: 'operator' },
    { kind: 'text', text: ': ' },
    { kind: 'link', text: 'see', path: '/privacy' },
    { kind: 'text', text: '.' },
  ])
})

it('the hash of a text is of its words, not of its blank lines or line ends', () => {
  expect(textHash('# title\n\nPrivacy\n')).toBe(textHash('# title\r\nPrivacy\r\n\r\n'))
  expect(textHash('# title\n\nPrivacy\n')).not.toBe(textHash('# title\n\nPrivacy.\n'))
})
