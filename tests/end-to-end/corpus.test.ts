import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { toLetter } from '../../src/browser/viewer/letter/to-letter.ts'
import { parseMail } from '../../src/browser/viewer/mail/parse-mail.ts'
import type { Difference, Expected } from '../browser/viewer/mail/expected.ts'
import { corpusFolder, hasCorpus, withoutCorpus } from '../support/corpus.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  downloaded,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'
import { sealingDirectly } from './support/seal-directly.ts'
import type { SealDirectly } from './support/seal-directly.ts'

/** The list that tests/browser/viewer/mail/corpus.test.ts keeps true. */
const reviewed = JSON.parse(
  readFileSync(join(import.meta.dirname, '../browser/viewer/mail/differences.json'), 'utf8'),
) as readonly (Difference & { readonly file: string })[]

/** What the page adds to what the parser calls attachments; read and judged one by one. */
const added = JSON.parse(
  readFileSync(join(import.meta.dirname, 'support/corpus-differences.json'), 'utf8'),
) as readonly { readonly file: string; readonly also: readonly string[]; readonly why: string }[]

const readCorpus = (name: string): Buffer => readFileSync(join(corpusFolder, name))

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

/** What Chromium says of a `<base>` in a mail that it does not follow. */
const blockedBase = /^Setting the document's base URI .* has been blocked\.$/

/** What the page shows of a mail and hands out. */
interface Read {
  readonly subject: string
  readonly files: readonly string[]
  /** The original is what was sealed, to the byte. */
  readonly whole: boolean
}

describe.skipIf(!hasCorpus)(`the corpus in a real browser${withoutCorpus}`, () => {
  it('shows mails of every shape with the subject and attachments of the second opinion, but for the reviewed differences', async () => {
    const expected = JSON.parse(readCorpus('EXPECTED.json').toString('utf8')) as Record<
      string,
      Expected
    >
    const { page, seal } = await signedInReader()
    const problems: string[] = []
    page.context().on('console', said => {
      if (!blockedBase.test(said.text())) problems.push(said.text())
    })
    page.context().on('weberror', ({ error }) => problems.push(error().message))
    const found: Record<string, Read> = {}
    const files = oneOfEachShape(Object.keys(expected))
    const left = [...files]
    const readOn = async (tab: Page): Promise<void> => {
      for (let file = left.pop(); file !== undefined; file = left.pop())
        found[file] = await readInBrowser(tab, seal, file)
    }
    const tabs = [page, await page.context().newPage(), await page.context().newPage()]
    await Promise.all(tabs.map(readOn))
    const wanted = files.map(file => [file, wantedOf(file, expected[file] ?? {})])
    expect(found).toEqual(Object.fromEntries(wanted))
    expect(problems).toEqual([])
    expect(zegel.front.strays).toEqual([])
    await page.context().close()
  }, 600_000) // some of 175 mails, each opened as a person does
})

/**
 * Of mails alike in this the first: every kind of part alone, and every two kinds in one mail. How parts are nested and
 * encoded is the parser's alone, and tests/browser/viewer/mail/corpus.test.ts reads all mails. With
 * `ZEGEL_WHOLE_CORPUS=1` the browser does too.
 */
function oneOfEachShape(files: readonly string[]): readonly string[] {
  if (process.env['ZEGEL_WHOLE_CORPUS'] === '1') return files
  const seen = new Set<string>()
  return files.filter(file => {
    const fresh = pairsOf(kindsIn(file)).filter(pair => !seen.has(pair))
    for (const pair of fresh) seen.add(pair)
    return fresh.length > 0
  })
}

/** Every two of them; of a single one, or of none, itself. */
function pairsOf(kinds: readonly string[]): readonly string[] {
  if (kinds.length < 2) return [kinds.join()]
  return kinds.flatMap((one, at) => kinds.slice(at + 1).map(other => `${one} and ${other}`))
}

function kindsIn(file: string): readonly string[] {
  const said = readCorpus(file)
    .toString('latin1')
    .matchAll(/^content-type:\s*([\w/.+-]+)/gim)
  const kinds = [...said].map(([, name = '']) => kindOf(name.toLowerCase()))
  return [...new Set(kinds)].toSorted()
}

/** What the page treats alike has one name: what only holds other parts, pictures, and what is no more than a file. */
function kindOf(type: string): string {
  if (/^multipart\/(?:mixed|alternative|parallel|digest)$/.test(type)) return 'parts'
  const isOnlyAFile = /^(?:application|audio|font|model|video)\//.test(type)
  if (isOnlyAFile && !/ms-tnef|calendar|pkcs7/.test(type)) return 'application'
  return type.startsWith('image/') ? 'image' : type
}

/** A reader whose one session opens every mail of the address. */
async function signedInReader(): Promise<{ readonly page: Page; readonly seal: SealDirectly }> {
  const to = newAddress()
  const page = await newReaderIn(browser)
  await zegel.send({ from: 'alice@example.com', to, subject: 'Before', text: 'x' })
  await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
  await signInByPasscode(page, zegel, to)
  await messageShown(page, 'Before')
  return { page, seal: await sealingDirectly(zegel, to) }
}

/** Picks the sealed mail on the portal's own page, as a person does, and takes what is there. */
async function readInBrowser(page: Page, seal: SealDirectly, file: string): Promise<Read> {
  const mail = readCorpus(file)
  await page.goto(`${zegel.portalUrl}/open`)
  await page.getByLabel('Choose message.html').setInputFiles({
    name: 'message.html',
    mimeType: 'text/html',
    buffer: await seal(mail),
  })
  const original = page.getByRole('button', { name: 'Download the original' })
  await original.waitFor()
  const whole = (await downloaded(page, original)).bytes.equals(mail)
  const subject = plain(await page.getByRole('heading', { level: 1 }).innerText())
  return { subject, whole, files: (await filesOf(page, mail)).toSorted() }
}

async function filesOf(page: Page, mail: Buffer): Promise<readonly string[]> {
  const letter = await toLetter(mail)
  if (letter.attachments.length === 0) return []
  const list = page.getByRole('list', { name: 'Attachments' })
  await list.waitFor()
  const shown = await list.getByRole('button').locator('bdi').allInnerTexts()
  const all = await downloaded(page, page.getByRole('button', { name: 'Download all' }))
  const entries = new Map(Object.entries(unzipSync(all.bytes)))
  expect([...entries.keys()].toSorted()).toEqual(shown.toSorted())
  // What a winmail.dat holds is no part of the mail to the second opinion.
  const own = letter.attachments.filter(({ unpackedFrom }) => unpackedFrom === null)
  return own.flatMap(({ name, type }) => opened(type, entries.get(name) ?? new Uint8Array()))
}

/** Python counts the files inside of attached messages, and not the messages. */
function opened(type: string, bytes: Uint8Array): readonly string[] {
  if (!type.startsWith('message/')) return [describeFile(bytes)]
  return parseMail(bytes).attachments.flatMap(part => opened(part.type, part.bytes))
}

function describeFile(bytes: Uint8Array): string {
  return `${bytes.length} bytes · ${createHash('sha256').update(bytes).digest('hex')}`
}

function wantedOf(file: string, expected: Expected): Read {
  const ours = (what: Difference['what']): readonly string[] | undefined =>
    reviewed.find(one => one.file === file && one.what === what)?.ours
  const subject = ours('subject')?.[0] ?? plain(expected.subject ?? '')
  const files =
    ours('attachments')?.map(one => one.split(' · ').slice(-2).join(' · ')) ??
    (expected.attachments ?? []).map(({ bytes, sha256 }) => `${bytes} bytes · ${sha256}`)
  return {
    subject: subject === '' ? 'message without a subject' : subject,
    whole: true,
    files: [...files, ...(added.find(one => one.file === file)?.also ?? [])].toSorted(),
  }
}

/** As tests/browser/viewer/mail/expected.ts compares subjects. */
function plain(text: string): string {
  return text.replaceAll('"', '').replaceAll(/\s+/g, ' ').trim().toLowerCase()
}
