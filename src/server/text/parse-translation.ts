import type { Statement } from './parse-statement.ts'
import { readStatementFile } from './statement-blocks.ts'
import type { StatementBlock } from './statement-blocks.ts'
import { heldPlaces, readParts } from './statement-parts.ts'

export interface StatementTranslation {
  /** When this translation last changed, `2026-11-21`. */
  readonly updated: string
  /** Title, headings and sentences by id; what does not fit the English of today is left out. */
  readonly texts: ReadonlyMap<string, string>
  /** What keeps the translation from being whole, each with its line; empty when nothing does. */
  readonly faults: readonly string[]
}

/**
 * A sentence whose quoted English is no longer the English text is not used: better the original than a
 * translation of what is not said any more.
 * @throws StatementError when the file does not keep to the form of docs/statements.md
 */
export function parseTranslation(source: string, statement: Statement): StatementTranslation {
  const { updated, blocks } = readStatementFile(source)
  const english = englishTexts(statement)
  const texts = new Map<string, string>()
  const faults: string[] = []
  for (const block of blocks) {
    const id = block.words.join(' ')
    const fault = texts.has(id) ? `${id} stands there twice` : faultOf(block, english.get(id))
    if (fault === null) texts.set(id, block.text)
    else faults.push(`line ${block.line}: ${fault}`)
  }
  for (const id of english.keys()) if (!texts.has(id)) faults.push(`${id} is not translated`)
  const order = [...english.keys()].filter(id => texts.has(id)).join()
  if (order !== [...texts.keys()].join()) faults.push('the order is not that of the English text')
  return { updated, texts, faults }
}

/** Title, headings and sentences by id, in their order. */
export function englishTexts({ title, sections }: Statement): ReadonlyMap<string, string> {
  return new Map([
    ['title', title],
    ...sections.flatMap(({ id, heading, sentences }) => [
      [id, heading] as const,
      ...sentences.map(sentence => [sentence.id, sentence.text] as const),
    ]),
  ])
}

function faultOf({ words, quote, text, line }: StatementBlock, english: string | undefined) {
  const id = words.join(' ')
  if (english === undefined) return `the English text has no ${id}`
  if (quote !== english) return `${id} does not quote the English text of today: > ${english}`
  readParts(text, line)
  if (heldPlaces(text) !== heldPlaces(english))
    return `${id} has other places or links than the English text`
  return null
}
