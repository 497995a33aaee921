// P7: wrapped ÷ original, beside what a naive build gives: an encrypted file in base64 inside an HTML
// file that is attached in base64. performance.md
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeMachine } from './support/machine.ts'
import { mailOf, mimeBase64, sizeName } from './support/mails.ts'
import { format, renderReport, writeReport } from './support/report.ts'
import type { Report } from './support/report.ts'
import { createSealer } from './support/sealing.ts'

const sizes = [1000, 10_000, 100_000, 1_000_000, 10_000_000, 25_000_000]
/** The target: `original × factor + fixed`. */
const factor = 1.36
const fixedBytes = 72 * 1024

interface Measured {
  readonly name: string
  readonly original: number
  readonly wrapped: number
  readonly naive: number
}

const { wrapperMail: seal } = createSealer()
const measured: Measured[] = []
for (const size of sizes) measured.push(await measureMail(sizeName(size), mailOf(size)))
const corpus = await measureCorpus()
const report = summarise()
console.log(renderReport(report))
console.log(writeReport(report, describeMachine()), '\n')

async function measureMail(name: string, mail: Uint8Array): Promise<Measured> {
  const pieces = await seal(mail)
  const wrapped = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return { name, original: mail.length, wrapped, naive: naiveBytes(pieces, mail.length) }
}

/** The same notice and page with the envelope in base64, the page as a base64 attachment. */
function naiveBytes(pieces: readonly Uint8Array[], originalBytes: number): number {
  const wrapper = Buffer.concat(pieces).toString('latin1')
  const page = wrapper.indexOf('<!doctype html', wrapper.indexOf('filename="message.html"'))
  const ageFile = Buffer.alloc(originalBytes + 2500)
  const envelope = /name="envelope" value="[^"]*"/.exec(wrapper)?.[0].length ?? 0
  const html = Buffer.alloc(wrapper.length - page - envelope + mimeBase64(ageFile).length, 0x20)
  return page + mimeBase64(html).length
}

/** Real mails, when they are there. */
async function measureCorpus(): Promise<readonly Measured[]> {
  const folder = fileURLToPath(new URL('../../shared/corpus/mime/', import.meta.url))
  if (!existsSync(folder)) return []
  const results: Measured[] = []
  for (const path of globSync(`${folder}**/*.eml`).toSorted())
    results.push(await measureMail(path.slice(folder.length), readFileSync(path)))
  return results
}

function summarise(): Report {
  const worst = [...measured, ...corpus].toSorted((a, b) => excess(b) - excess(a))[0]
  const largest = measured.at(-1)
  return {
    id: 'P7',
    title: 'wire size, bytes',
    columns: ['mail', 'wrapped', 'overhead in KiB', 'wrapped ÷ original', 'naive ÷ original'],
    rows: measured.map(({ name, original, wrapped, naive }) => [
      name,
      String(wrapped),
      format((wrapped - original) / 1024),
      format(wrapped / original),
      format(naive / original),
    ]),
    verdicts: [
      {
        text: `every mail is at most ${factor} × the original plus 72 KiB (the closest: ${worst?.name ?? 'none'}, ${format(-excess(worst) / 1024)} KiB below)`,
        reached: excess(worst) <= 0,
      },
      {
        text: `smaller than the naive build at 25 MB: ${format((largest?.wrapped ?? 0) / (largest?.original ?? 1))} against ${format((largest?.naive ?? 0) / (largest?.original ?? 1))}`,
        reached: (largest?.wrapped ?? 1) < (largest?.naive ?? 0),
      },
    ],
    notes: [
      corpus.length > 0
        ? `${corpus.length} real mails measured as well`
        : 'the corpus of real mails is not beside the project: generated mails alone',
    ],
    raw: { measured, corpus },
  }
}

function excess(entry: Measured | undefined): number {
  return entry === undefined ? 0 : entry.wrapped - entry.original * factor - fixedBytes
}
