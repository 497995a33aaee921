import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { ParsedMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import type { Difference, Expected } from './expected.ts'
import { differences } from './expected.ts'

/** Each difference, who is right, and why; read and judged one by one. */
interface Reviewed extends Difference {
  readonly file: string
  readonly right: 'ours' | 'theirs' | 'both'
  readonly why: string
}

const reviewed = JSON.parse(
  readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'),
) as readonly Reviewed[]

const corpus = join(import.meta.dirname, '../../../../../shared/corpus')
const missing = !existsSync(join(corpus, 'EXPECTED.json'))
const why = missing ? ' (skipped: the corpus folder is not beside the project)' : ''

describe.skipIf(missing)(`the corpus of real and torture mails${why}`, () => {
  const entries = missing ? {} : readExpected()

  it('is read as the second opinion reads it, but for the reviewed differences', () => {
    const found = Object.entries(entries).flatMap(([file, expected]) =>
      differences(read(join(corpus, file)), expected).map(
        (difference): Difference & { file: string } => ({ file, ...difference }),
      ),
    )
    expect(found).toEqual(
      reviewed.map(({ file, what, ours, theirs }) => ({ file, what, ours, theirs })),
    )
  })

  it('has a reason for every difference, and never keeps one in which the other is right', () => {
    expect(reviewed.filter(({ right, why }) => right === 'theirs' || why.length < 20)).toEqual([])
  })

  it('gives every mail something to show: text, a file, or the word that there is none', () => {
    const blank = mailFiles().filter(file => {
      const mail = read(file)
      const text = `${mail.body.html ?? ''}${mail.body.text ?? ''}`.trim()
      return text === '' && !mail.warnings.includes('no-body')
    })
    expect(blank).toEqual([])
  })

  it('can be posted from a worker', () => {
    const changed = mailFiles().filter(file => {
      const mail = read(file)
      return !isDeepStrictEqual(structuredClone(mail), mail)
    })
    expect(changed).toEqual([])
  })
})

function read(file: string): ParsedMail {
  return parseMail(new Uint8Array(readFileSync(file)))
}

function readExpected(): Record<string, Expected> {
  const text = readFileSync(join(corpus, 'EXPECTED.json'), 'utf8')
  return JSON.parse(text) as Record<string, Expected>
}

function mailFiles(): readonly string[] {
  return readdirSync(join(corpus, 'mime'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.eml'))
    .map(name => join(corpus, 'mime', name))
}
