import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { observeReading } from './observe/observed-reading.ts'
import type { ObservedReading } from './observe/observed-reading.ts'
import { gatewayPlaces, keptPlaces, placesOf, portalPlaces } from './observe/places.ts'
import { whatLeavesPage } from './observe/what-leaves-page.ts'
import { whatLeft } from './observe/what-left.ts'
import { waitMs } from './wait.ts'

vi.setConfig({ testTimeout: 180_000 + 3 * waitMs })

const page = new URL('../../docs/what-leaves.md', import.meta.url)

const ends: (() => unknown)[] = []
let observed: Promise<ObservedReading> | undefined
/** One for all tests of the file, made by the first of them. */
const reading = (): Promise<ObservedReading> => (observed ??= observeReading(end => ends.push(end)))
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

/** Where each word of the message may be found, and is: the search works. */
const outside = ['sender to gateway']

test('no word of a message lies in the database, a file, a temporary file or the log, in any encoding', async () => {
  const seen = await reading()
  const kept = keptPlaces(seen)
  expect([...kept.keys()]).toContain('zegel.db-wal, running')
  for (const [name, word] of Object.entries(seen.canaries)) {
    expect(placesOf(word, kept), name).toEqual([])
    expect(placesOf(word, gatewayPlaces(seen)), name).toEqual(outside)
  }
})

test('nothing of the sealed form lies in the database, a file, a temporary file or the log', async () => {
  const seen = await reading()
  const { ageFile, signature } = seen.sealed
  const payload = ageFile.slice(-64)
  expect(placesOf(payload, portalPlaces(seen))).toEqual(['browser to portal', 'portal to browser'])
  for (const sealed of [payload, signature.slice(0, 48)])
    expect(placesOf(sealed, keptPlaces(seen))).toEqual([])
})

test('no word of a message goes to or from the portal while it is decrypted, in any encoding', async () => {
  const seen = await reading()
  for (const [name, word] of Object.entries(seen.canaries))
    expect(placesOf(word, portalPlaces(seen)), name).toEqual([])
})

test('the half of the key in the mail reaches neither the portal nor a file nor a log', async () => {
  const seen = await reading()
  const { share } = seen.sealed
  if (share === null) throw new Error('message.html has no share')
  expect(placesOf(share, portalPlaces(seen))).toEqual([])
  expect(placesOf(share, keptPlaces(seen))).toEqual([])
  expect(placesOf(share, gatewayPlaces(seen))).toEqual(['gateway to next hop'])
})

test('a passcode is in its own mail and in the one request that proves it, and nowhere else', async () => {
  const seen = await reading()
  const { passcode } = seen
  expect(placesOf(passcode, portalPlaces(seen))).toEqual(['browser to portal', 'portal to relay'])
  const asked = seen.roles.recorders.portal.sent().toString('latin1')
  expect(asked.split(passcode)).toHaveLength(2)
  expect(placesOf(passcode, keptPlaces(seen))).toEqual([])
  expect(placesOf(passcode, gatewayPlaces(seen))).toEqual([])
})

test('the cookie of a session lies in no file and no log', async () => {
  const seen = await reading()
  expect(seen.sessionCookie.length).toBeGreaterThan(50)
  expect(placesOf(seen.sessionCookie.slice(-40), portalPlaces(seen))).toContain('browser to portal')
  expect(placesOf(seen.sessionCookie.slice(-40), keptPlaces(seen))).toEqual([])
})

test('a browser that reads a message asks this site alone, and looks up no other name', async () => {
  const { browser, roles } = await reading()
  const asked = [...browser.requests.map(one => one.split(' ')[1] ?? ''), ...browser.network.urls]
  const others = asked.filter(url => !url.startsWith(`${roles.portalUrl}/`))
  expect(new Set(others.map(url => url.replace(/^(file:).*(?=\/)/, '$1…')))).toEqual(
    new Set(['file:…/message.html']),
  )
  expect(browser.network.names).toEqual([roles.portalUrl])
  const { port } = new URL(roles.portalUrl)
  for (const address of browser.network.addresses)
    expect([`127.0.0.1:${port}`, `[::1]:${port}`]).toContain(address)
})

test('there is no cookie before a passcode is asked for, then two, and none after signing out', async () => {
  const { cookiesBeforePasscode, keptWhileReading, keptAfter } = (await reading()).browser
  expect(cookiesBeforePasscode).toEqual([])
  expect(keptWhileReading.cookies).toEqual(['__Host-zegel-browser', '__Host-zegel-session'])
  expect(keptAfter.cookies).toEqual([])
})

test('the browser keeps nothing of a message after signing out', async () => {
  const { keptWhileReading, keptAfter } = (await reading()).browser
  expect(keptWhileReading.databases).toEqual(['zegel/envelopes: 1'])
  expect(keptAfter).toMatchObject({
    sessionStorage: [],
    databases: ['zegel/envelopes: 0'],
    cached: [],
  })
  expect(keptAfter.localStorage).toEqual(['zegel.way=passcode'])
})

test('everything that left or stayed is explained: sockets, names, files, rows, log, browser', async () => {
  const left = whatLeft(await reading())
  expect(left.length).toBeGreaterThan(30)
  expect(left.filter(({ explanation }) => explanation === null)).toEqual([])
  if (process.env['WRITE_WHAT_LEAVES'] !== undefined) await writeFile(page, whatLeavesPage(left))
})

test('docs/what-leaves.md is the list of all that may leave or stay', async () => {
  const written = await readFile(page, 'utf8')
  const withoutSeen = (text: string): readonly string[] =>
    text
      .split('\n')
      .filter(line => /^\| .*`/.test(line))
      .map(line => line.replace(/\| [\w ]*\|$/, '').replaceAll(/\s+/g, ' '))
  const made = withoutSeen(whatLeavesPage(whatLeft(await reading())))
  expect(made.length).toBeGreaterThan(40)
  expect(withoutSeen(written)).toEqual(made)
})

test('the record of an opening holds who, when and how, and no word of the message', async () => {
  const { stored } = await reading()
  const [opened] = stored.get('audit') ?? []
  expect(Object.keys(opened ?? {}).toSorted()).toEqual([
    'assurance',
    'at_ms',
    'event',
    'id',
    'message_id',
    'method',
    'organisation_id',
    'recipient',
  ])
  expect(opened).toMatchObject({ event: 'released', recipient: 'bob@recipient.test' })
  expect(stored.get('audit')).toHaveLength(1)
})
