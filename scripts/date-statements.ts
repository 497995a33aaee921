import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { readStatementFile } from '../src/server/text/statement-blocks.ts'
import { textHash } from '../src/server/text/text-hash.ts'

/** Gives every statement whose text has changed today's date. docs/statements.md */
const today = new Date().toISOString().slice(0, 10)
for (const name of ['privacy', 'accessibility']) {
  const folder = new URL(`../src/locales/${name}/`, import.meta.url)
  for (const entry of readdirSync(folder).filter(one => one.endsWith('.md'))) {
    const path = new URL(entry, folder)
    const { body, hash } = readStatementFile(readFileSync(path, 'utf8'))
    const now = textHash(body)
    if (now === hash) continue
    writeFileSync(path, `---\nupdated: ${today}\ntext: ${now}\n---\n${body}`)
    process.stdout.write(`${name}/${entry}: ${today}\n`)
  }
}
