import { readFileSync, readdirSync } from 'node:fs'
import { parseStatement } from './parse-statement.ts'
import type { Statement } from './parse-statement.ts'
import { parseTranslation } from './parse-translation.ts'
import type { StatementTranslation } from './parse-translation.ts'

/** A folder of `src/locales`, with a file for each language. */
export type StatementName = 'privacy' | 'accessibility'

const folder = (name: StatementName): URL => new URL(`../../locales/${name}/`, import.meta.url)
const file = /^([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.md$/

/** The English text. @throws StatementError */
export function readStatement(name: StatementName): Statement {
  return parseStatement(readSource(name, 'en'))
}

/** Every translation there is, by BCP 47 tag. @throws StatementError */
export function readTranslations(name: StatementName): ReadonlyMap<string, StatementTranslation> {
  const statement = readStatement(name)
  const tags = listStatementFiles(name).filter(tag => tag !== 'en')
  return new Map(tags.map(tag => [tag, parseTranslation(readSource(name, tag), statement)]))
}

/** BCP 47 tags of all files, English among them. */
export function listStatementFiles(name: StatementName): readonly string[] {
  return readdirSync(folder(name))
    .map(entry => file.exec(entry)?.[1])
    .filter(tag => tag !== undefined)
    .sort()
}

function readSource(name: StatementName, tag: string): string {
  return readFileSync(new URL(`${tag}.md`, folder(name)), 'utf8')
}
