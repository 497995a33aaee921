import { readStatementFile } from './statement-blocks.ts'
import type { StatementBlock } from './statement-blocks.ts'
import { StatementError } from './statement-error.ts'
import { readParts } from './statement-parts.ts'

/** What is true of an installation: decides which sentences are said. */
export type Condition = { readonly fact: string; readonly holds: boolean }

export interface StatementSentence {
  readonly id: string
  /** Plain text with `{places}` and `[links](/path)`. */
  readonly text: string
  /** True when tests prove it. features.md E */
  readonly promise: boolean
  /** All must be met for it to be said. */
  readonly conditions: readonly Condition[]
}

export interface StatementSection {
  readonly id: string
  readonly heading: string
  readonly sentences: readonly StatementSentence[]
}

/** The English text, which counts. */
export interface Statement {
  readonly title: string
  /** When the text last changed, `2026-11-21`. */
  readonly updated: string
  readonly sections: readonly StatementSection[]
}

/** @throws StatementError when the English file does not keep to the form of docs/statements.md */
export function parseStatement(source: string): Statement {
  const { updated, blocks } = readStatementFile(source)
  const [title, ...rest] = blocks
  if (title?.level !== 1 || title.words.join(' ') !== 'title')
    throw new StatementError(title?.line ?? 1, 'begin with the heading # title')
  const seen = new Set<string>()
  const sections: { id: string; heading: string; sentences: StatementSentence[] }[] = []
  for (const block of [title, ...rest]) {
    checkEnglish(block, seen)
    if (block.level === 2) sections.push(startSection(block))
    else if (block.level === 3) intoSection(sections.at(-1), block).push(readSentence(block))
    else if (block !== title) throw new StatementError(block.line, 'there is one title')
  }
  return { title: title.text, updated, sections }
}

function checkEnglish({ words: [id = ''], quote, line, text }: StatementBlock, seen: Set<string>) {
  if (seen.has(id)) throw new StatementError(line, `the id ${id} stands there twice`)
  seen.add(id)
  if (quote !== null) throw new StatementError(line, 'the English text quotes nothing')
  readParts(text, line)
}

function startSection({ words, text, line }: StatementBlock) {
  if (words.length > 1) throw new StatementError(line, 'a section has an id and no marks')
  return { id: words[0] ?? '', heading: text, sentences: [] }
}

function intoSection(
  section: { sentences: StatementSentence[] } | undefined,
  { line }: StatementBlock,
): StatementSentence[] {
  if (section === undefined) throw new StatementError(line, 'a sentence stands in a section')
  return section.sentences
}

/** `id`, then `promise`, then any number of `if FACT` and `if not FACT`. */
function readSentence({ words: [id = '', ...marks], text, line }: StatementBlock) {
  const promise = marks[0] === 'promise'
  const said = (promise ? marks.slice(1) : marks).join(' ')
  const pattern = /if (not )?([a-z-]+)(?: |$)/gy
  const found = [...said.matchAll(pattern)]
  if (found.map(([all]) => all).join('') !== said)
    throw new StatementError(line, 'after the id stand: promise, if FACT, if not FACT')
  const conditions = found.map(([, not, fact = '']) => ({ fact, holds: not === undefined }))
  return { id, text, promise, conditions }
}
