// P5: the reader in Chromium: script before the sign-in choice and before the message; from the
// upload's end to the choice on a slow machine and network; from the release of the key to the letter;
// the decryption alone beside OpenPGP.js and age-encryption in the same browser. performance.md
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describeMachine } from './support/machine.ts'
import { mailOf, sizeName } from './support/mails.ts'
import type { OpenerName } from './support/opening-in-page.ts'
import { prepareMail, startOpeners } from './support/opening-rivals.ts'
import type { PreparedMail, TimeOpening } from './support/opening-rivals.ts'
import { startReaderWorld } from './support/reader-world.ts'
import type { ReaderWorld } from './support/reader-world.ts'
import { atLeast, atMost, format, renderReport, writeReport } from './support/report.ts'
import type { Report } from './support/report.ts'
import { median, minRounds } from './support/rounds.ts'

const sizes = [100_000, 5_000_000, 25_000_000]
const openers: readonly OpenerName[] = ['zegel', 'openpgp', 'age']
/** Of HTML, in one letter. */
const htmlBytes = 5_000_000
/** Posted from message.html; the page's answer carries the envelope back, at the network's pace. */
const postedSizes = [10_000, 100_000]

/** The answer to a post whose last byte has left takes this long to come in. */
const roundTripMs = 150

/** Milliseconds, one for each round. */
type Rounds = number[]

interface Choice {
  readonly size: number
  readonly chosen: Rounds
}

interface SizeResult {
  readonly size: number
  readonly shown: Rounds
  readonly longestTask: Rounds
  readonly decrypted: Readonly<Record<OpenerName, Rounds>>
}

type HtmlResult = Pick<SizeResult, 'shown' | 'longestTask'>

const loadAtStart = loadavg()[0] ?? 0
const script = measureScript()
const { choices, results, html } = await measureReader()
const report = summarise()
console.log(renderReport(report))
console.log(writeReport(report, describeMachine()), '\n')

/** Bytes after brotli, of the build that is served. */
function measureScript(): { beforeChoice: number; beforeMessage: number } {
  const check = fileURLToPath(new URL('../scripts/check-size.mjs', import.meta.url))
  const words = execFileSync(process.execPath, [check], { encoding: 'utf8' })
  const bytesOf = (name: string): number =>
    Number(new RegExp(`${name} (\\d+) bytes`).exec(words)?.[1] ?? Number.NaN)
  return { beforeChoice: bytesOf('beforeChoice'), beforeMessage: bytesOf('beforeMessage') }
}

async function measureReader(): Promise<{
  choices: readonly Choice[]
  results: readonly SizeResult[]
  html: HtmlResult
}> {
  const world = await startReaderWorld([...new Set([...postedSizes, ...sizes])], htmlBytes)
  try {
    const mails = await Promise.all(sizes.map(size => prepareMail(mailOf(size))))
    const bench = { world, mails, timeOpening: await startOpeners(world.browser, mails) }
    await measureRound(bench, emptyChoices(), sizes.map(emptyResult), 0) // warms up, uncounted
    const html: HtmlResult = { shown: [], longestTask: [] }
    const [choices, results] = [emptyChoices(), sizes.map(emptyResult)]
    for (let round = 0; round < minRounds; round++) {
      await measureRound(bench, choices, results, round)
      const times = await world.openHtml()
      html.shown.push(between(times.releasedAtMs, times.shownAtMs))
      html.longestTask.push(times.longestTaskMs)
    }
    return { choices, results, html }
  } finally {
    await world.close()
  }
}

interface Bench {
  readonly world: ReaderWorld
  readonly mails: readonly PreparedMail[]
  readonly timeOpening: TimeOpening
}

async function measureRound(
  { world, mails, timeOpening }: Bench,
  choices: readonly Choice[],
  results: readonly SizeResult[],
  round: number,
): Promise<void> {
  for (const { size, chosen } of choices) {
    const times = await world.choose(size)
    chosen.push(between(times.answeredAtMs, times.chosenAtMs) + roundTripMs)
  }
  for (const { size, shown, longestTask, decrypted } of results) {
    const times = await world.open(size)
    shown.push(between(times.releasedAtMs, times.shownAtMs))
    longestTask.push(times.longestTaskMs)
    const mail = mails[results.findIndex(result => result.size === size)]
    if (mail === undefined) throw new Error(`no mail of ${size} bytes`)
    for (const name of turned(openers, round)) decrypted[name].push(await timeOpening(name, mail))
  }
}

function emptyChoices(): readonly Choice[] {
  return postedSizes.map(size => ({ size, chosen: [] }))
}

function emptyResult(size: number): SizeResult {
  return { size, shown: [], longestTask: [], decrypted: { zegel: [], openpgp: [], age: [] } }
}

function turned<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

/** @throws Error when the page saw only one of the two */
function between(startMs: number | null, endMs: number | null): number {
  if (startMs === null || endMs === null) throw new Error('the page did not keep its times')
  return endMs - startMs
}

function summarise(): Report {
  const largest = results.at(-1)
  return {
    id: 'P5',
    title: 'the reader in Chromium, milliseconds',
    columns: [
      'mail',
      'release → shown',
      'longest task of the page',
      'decrypt: zegel, signature checked',
      'decrypt: openpgp 6',
      'decrypt: age-encryption',
    ],
    rows: [
      ...results.map(({ size, shown, longestTask, decrypted }) => [
        sizeName(size),
        ...[shown, longestTask, ...openers.map(name => decrypted[name])].map(rounds =>
          format(median(rounds)),
        ),
      ]),
      [
        `${sizeName(htmlBytes)} of HTML`,
        ...[html.shown, html.longestTask].map(rounds => format(median(rounds))),
        '',
        '',
        '',
      ],
    ],
    verdicts: [
      atMost('script before the sign-in choice', script.beforeChoice, 25_000, ' B brotli'),
      atMost('script before the message', script.beforeMessage, 60_000, ' B brotli'),
      ...choices.map(({ size, chosen }) =>
        atMost(
          `${sizeName(size)} posted: upload’s end → sign-in choice, slow`,
          median(chosen),
          1000,
          ' ms',
        ),
      ),
      atMost('25 MB: release → shown', median(largest?.shown ?? []), 1500, ' ms'),
      ...results.map(({ size, longestTask }) =>
        atMost(`${sizeName(size)}: longest task of the page`, median(longestTask), 50, ' ms'),
      ),
      atMost(
        `${sizeName(htmlBytes)} of HTML: longest task of the page`,
        median(html.longestTask),
        50,
        ' ms',
      ),
      ...results.flatMap(({ size, decrypted }) =>
        (['openpgp', 'age'] as const).map(rival =>
          atLeast(
            `${sizeName(size)}: decrypted as fast as ${rival}`,
            median(decrypted[rival]) / median(decrypted.zegel),
            1,
          ),
        ),
      ),
    ],
    notes: [
      'slow: the processor 4 times slower, 1.6 Mbit/s both ways, 150 ms a round trip; what was posted comes back behind what the choice needs, on the same line: 100 KB of mail take 0.7 s by themselves',
      'the upload’s end is counted one round trip before the answer’s first byte',
      'a longest task of 0: none took 50 ms; zegel checks the organisation’s signature as well, the rivals check none',
      `load of the machine at the start: ${format(loadAtStart)}`,
    ],
    raw: { script, choices, results, html },
  }
}
