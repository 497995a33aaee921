import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ConfigInput } from '../../src/server/config/schema.ts'
import { filesIn } from './observe/files-in.ts'
import { placesOf } from './observe/places.ts'
import { storedRows } from './observe/stored-rows.ts'
import { messageHtml, readAsBrowser, sendMail } from './read-as-browser.ts'
import { installationInProcess } from './read-in-process.ts'

interface Person {
  readonly to: string
  readonly network: string
  readonly userAgent: string
  readonly language: string
}

const firefox = (version: number, system: string): string =>
  `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`

const bob: Person = {
  to: 'bob@recipient.test',
  network: '203.0.113.77',
  userAgent: firefox(151, 'Windows NT 10.0; Win64; x64'),
  language: 'nl',
}
const carol: Person = {
  to: 'carol.jones@somewhere.example',
  network: '2001:db8:77::9',
  userAgent: firefox(153, 'X11; Linux x86_64'),
  language: 'ar',
}

/** Below so many nothing is counted of readers. */
const READINGS = 5

/** An installation that one person has read one message in, and what is left of it when it has ended. */
async function afterReading(
  { to, network, userAgent, language }: Person,
  config: Partial<ConfigInput> = {},
) {
  const here = await installationInProcess(config)
  await sendMail(here, to)
  const headers = {
    'user-agent': userAgent,
    'x-forwarded-for': network,
    'accept-language': language,
  }
  const { openAgain } = await readAsBrowser(here, await messageHtml(here, to), { to, headers })
  for (let times = 1; times < READINGS; times += 1) await openAgain()
  await here.zegel.stop()
  const { folder, log } = here.zegel
  const kept = new Map([...(await filesIn(folder)), ['log', Buffer.from(log.join(''))] as const])
  return { kept, rows: storedRows(join(folder, 'zegel.db')) }
}

type Left = Awaited<ReturnType<typeof afterReading>>

/** Everything that is counted, as bytes. */
const usageOf = ({ rows }: Left): string =>
  JSON.stringify([...rows].filter(([table]) => table.includes('usage')))

test('what is counted of two people who do the same is the same, byte for byte', async () => {
  const [ofBob, ofCarol] = [usageOf(await afterReading(bob)), usageOf(await afterReading(carol))]
  expect(ofBob).toContain('"messages_opened"')
  expect(ofBob).toContain('firefox')
  expect(ofCarol).toBe(ofBob)
})

test('no network address and no name of a browser lies in the database, a file or the log', async () => {
  const { kept, rows } = await afterReading(bob)
  expect(rows.get('rate_counters')?.length).toBeGreaterThan(0)
  for (const trace of [bob.network, '203.0.113', 'Gecko', 'Windows NT'])
    expect(placesOf(trace, kept), trace).toEqual([])
  // The search works: who opened the message is recorded, and found.
  expect(placesOf(bob.to, kept)).toContain('zegel.db')
})

test('what is switched off leaves no row: who opened, who was sent, what was counted', async () => {
  const off = {
    audit: { enabled: false },
    telemetry: { enabled: false },
    journal: false,
  }
  const { rows } = await afterReading(bob, off)
  for (const table of ['audit', 'journal', 'journal_recipients', 'usage_counts'])
    expect([table, rows.get(table)]).toEqual([table, []])
})
