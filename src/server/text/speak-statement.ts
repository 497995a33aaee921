import type { Statement, StatementSentence } from './parse-statement.ts'
import type { StatementTranslation } from './parse-translation.ts'
import { readStatement, readTranslations } from './read-statement.ts'
import type { StatementName } from './read-statement.ts'

/** A line in the reader's language, and what it is a translation of. */
export interface SpokenLine {
  readonly english: string
  /** Null: there is none that is of today, and the English is said. */
  readonly translated: string | null
}

export interface SpokenSentence extends SpokenLine, Omit<StatementSentence, 'text'> {}

export interface SpokenSection {
  readonly id: string
  readonly heading: SpokenLine
  readonly sentences: readonly SpokenSentence[]
}

export interface SpokenStatement {
  /** BCP 47 tag of the language it is in. */
  readonly tag: string
  readonly title: SpokenLine
  /** Of the English text, `2026-11-21`. */
  readonly updated: string
  /** Of the translation; null: it is in English. */
  readonly translated: string | null
  readonly sections: readonly SpokenSection[]
}

/** The statement in the language of `tag`; in English where there is no translation into exactly this one. */
export type SpeakStatement = (tag: string) => SpokenStatement

const loaded = new Map<StatementName, SpeakStatement>()

/** Reads all files of a statement, once in a process: they are part of the program. @throws StatementError */
export function loadStatement(name: StatementName): SpeakStatement {
  const speaks = loaded.get(name) ?? readAll(name)
  loaded.set(name, speaks)
  return speaks
}

function readAll(name: StatementName): SpeakStatement {
  const statement = readStatement(name)
  const translations = readTranslations(name)
  return tag => speak(statement, tag, translations.get(tag))
}

export function speak(
  { title, updated, sections }: Statement,
  tag: string,
  translation: StatementTranslation | undefined,
): SpokenStatement {
  const line = (id: string, english: string): SpokenLine => ({
    english,
    translated: translation?.texts.get(id) ?? null,
  })
  return {
    tag: translation === undefined ? 'en' : tag,
    title: line('title', title),
    updated,
    translated: translation?.updated ?? null,
    sections: sections.map(({ id, heading, sentences }) => ({
      id,
      heading: line(id, heading),
      sentences: sentences.map(({ text, ...sentence }) => ({
        ...sentence,
        ...line(sentence.id, text),
      })),
    })),
  }
}
