import { StatementError } from './statement-error.ts'

/** A heading with what stands under it. docs/statements.md, The form */
export interface StatementBlock {
  /** 1 the title, 2 a section, 3 a sentence. */
  readonly level: number
  /** The words of the heading: an id, then marks. */
  readonly words: readonly string[]
  /** The English original, in a translation; else null. */
  readonly quote: string | null
  readonly text: string
  /** Of the heading, counted from 1. */
  readonly line: number
}

export interface StatementFile {
  /** When the text last changed, `2026-11-21`. */
  readonly updated: string
  /** Hash of the text that the date was written for. */
  readonly hash: string
  /** All below the header. */
  readonly body: string
  readonly blocks: readonly StatementBlock[]
}

const header = /^---\nupdated: (\S*)\ntext: (\S*)\n---\n/

/** @throws StatementError */
export function readStatementFile(source: string): StatementFile {
  const match = header.exec(source)
  const [head = '', updated = '', hash = ''] = match ?? []
  if (match === null)
    throw new StatementError(1, 'begin with four lines: ---, updated: DATE, text: HASH, ---')
  if (!isDate(updated)) throw new StatementError(2, 'updated is no date: write it as 2026-11-21')
  const body = source.slice(head.length)
  return { updated, hash, body, blocks: readBlocks(body, head.split('\n').length) }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

function readBlocks(body: string, firstLine: number): readonly StatementBlock[] {
  const lines = body.split('\n').map((text, i) => ({ text: text.trimEnd(), line: firstLine + i }))
  const starts = lines.flatMap(({ text }, i) => (text.startsWith('#') ? [i] : []))
  const before = lines.slice(0, starts[0] ?? lines.length).find(({ text }) => text !== '')
  if (before !== undefined) throw new StatementError(before.line, 'text before the first heading')
  return starts.map((start, i) => readBlock(lines.slice(start, starts[i + 1] ?? lines.length)))
}

interface Line {
  readonly text: string
  readonly line: number
}

function readBlock([heading = { text: '', line: 1 }, ...rest]: readonly Line[]): StatementBlock {
  const { line } = heading
  const match = /^(#{1,3}) ([a-z0-9-]+(?: [a-z0-9-]+)*)$/.exec(heading.text)
  if (match === null)
    throw new StatementError(line, 'a heading is #, ## or ###, a blank, and an id: ### not-stored')
  const filled = rest.filter(({ text }) => text !== '')
  const quotes = filled.filter(({ text }) => text.startsWith('> '))
  const texts = filled.filter(one => !quotes.includes(one))
  if (texts.length !== 1 || quotes.length > 1)
    throw new StatementError(line, 'under a heading stands one line of text, and no other')
  if (quotes.length === 1 && filled[0] !== quotes[0])
    throw new StatementError(line, 'the English original stands above its translation')
  const [, marks = '', words = ''] = match
  return {
    level: marks.length,
    words: words.split(' '),
    quote: quotes[0]?.text.slice(2) ?? null,
    text: texts[0]?.text ?? '',
    line,
  }
}
