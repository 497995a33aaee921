import { randomUUID } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { parseSignInOutcome, signInPath } from '../../src/core/api/sign-in-results.ts'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { createReleaseReceiver } from '../../src/core/envelope/release.ts'
import { joinShares } from '../../src/core/envelope/share.ts'
import { openKeysOfPortal } from '../../src/server/commands/open-keys.ts'
import { loadConfig } from '../../src/server/config/load-config.ts'
import { ALLOWANCES } from '../../src/server/identity/limits.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { zegelHere } from '../server/commands/zegel-here.ts'
import { atProvider } from '../server/portal/support/account-portal.ts'
import { startPortals } from './support/nodes.ts'
import type { AtEnd, Nodes, PortalNode } from './support/nodes.ts'
import { programReader } from './support/program-reader.ts'
import type { Answered, ProgramReader } from './support/program-reader.ts'

const secret = 'Meet me at seven under the clock.'

/** `passcode-address` of identity/limits.ts: so many for one address in ten minutes. */
const PER_WINDOW = ALLOWANCES['passcode-address'][0].count
const WINDOW_MS = ALLOWANCES['passcode-address'][0].windowMs

/** Of `zegel journal --json`. */
interface JournalLine {
  readonly messageId: string
  readonly recipients: readonly string[]
}

/** Three portals and a gateway, for all tests of this file that need no database of their own. */
interface Scene {
  readonly nodes: Nodes
  readonly a: PortalNode
  readonly b: PortalNode
  readonly c: PortalNode
  readonly smtpPort: number
}

interface Message {
  readonly to: string
  readonly ageFile: Uint8Array
  readonly share: Uint8Array
  readonly stanza: string
}

async function setScene(atEnd: AtEnd): Promise<Scene> {
  const nodes = await startPortals(3, atEnd, 'gateway')
  const [a, b, c] = nodes.portals
  if (a === undefined || b === undefined || c === undefined) throw new Error('three portals')
  return { nodes, a, b, c, smtpPort: await nodes.startGateway(await fingerprintOf(a)) }
}

/** A message for somebody who has none yet: limits count by address. */
async function newMessage({ nodes, smtpPort }: Scene): Promise<Message> {
  const to = `${randomUUID()}@recipient.test`
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true })
  await transport.sendMail({ from: 'alice@example.com', to, subject: 'x', text: secret })
  transport.close()
  const [sealed] = await mailsOf(nodes, to)
  const html = await fetch(`${sealed}/attachments/message.html`)
  const { ageFile, share } = readMessageHtml(Buffer.from(await html.arrayBuffer()))
  if (share === null) throw new Error('the message has no share')
  return { to, ageFile, share, stanza: readAgeHeader(ageFile).stanzaText }
}

async function fingerprintOf({ folder }: PortalNode): Promise<string> {
  const config = await loadConfig(`${folder}/zegel.yaml`, {})
  const store = await openStore(config.store.url)
  const keys = await openKeysOfPortal({ config, store, environment: {}, clock: Date.now }, 'portal')
  await store.close()
  return keys.fingerprint()
}

/** Addresses of somebody's mails, newest first. */
async function mailsOf({ mailbox }: Nodes, to: string): Promise<readonly string[]> {
  const list = await fetch(`${mailbox.url}/api/messages?to=${to}`)
  const mails = (await list.json()) as readonly { readonly id: string }[]
  return mails.map(({ id }) => `${mailbox.url}/api/messages/${id}`)
}

interface Asking {
  readonly challenge: string
  readonly code: string
}

/** Asks for a passcode on one node and reads it in the mailbox. */
async function askPasscode(
  { nodes }: Scene,
  { to, stanza }: Message,
  reader: ProgramReader,
  { port }: PortalNode,
): Promise<Asking> {
  const described = await reader.ask('/api/describe', { stanza }, { port })
  expect(described.status).toBe(200)
  const before = (await mailsOf(nodes, to)).length
  const wish = { stanza, recipient: { index: 0 }, locale: 'en' }
  const { status, json } = await reader.ask('/api/passcodes', wish, { port })
  expect(status).toBe(201)
  for (;;) {
    const mails = await mailsOf(nodes, to)
    const raw = mails.length > before ? await (await fetch(`${mails[0]}/raw`)).text() : ''
    const code = /^(\d{8})\s*$/m.exec(raw)?.[1]
    if (code !== undefined) return { challenge: String(json['challenge']), code }
  }
}

const verify = (
  reader: ProgramReader,
  { port }: PortalNode,
  { challenge, code }: Asking,
  from?: string,
): Promise<Answered> =>
  reader.ask(
    '/api/passcodes/verify',
    { challenge, code, privateComputer: false },
    from === undefined ? { port } : { port, from },
  )

async function release(
  message: Message,
  reader: ProgramReader,
  { port }: PortalNode,
): Promise<{ answer: Answered; open: () => Promise<string> }> {
  const receiver = await createReleaseReceiver()
  const browserKey = Buffer.from(receiver.publicKey).toString('base64')
  const body = { stanza: message.stanza, browserKey }
  const answer = await reader.ask('/api/release', body, { port })
  const bytes = (name: string) => Buffer.from(String(answer.json[name]), 'base64')
  const open = async (): Promise<string> => {
    const sealed = { enc: bytes('enc'), ct: bytes('ct') }
    const portalShare = await receiver.open(sealed, message.stanza)
    const plain = openAgeFile(message.ageFile, joinShares(portalShare, message.share))
    return Buffer.from(plain).toString('utf8')
  }
  return { answer, open }
}

describe('gateway and portals as processes of their own on one PostgreSQL database', () => {
  const closing: (() => Promise<unknown>)[] = []
  let scene: Scene
  let message: Message
  let reader: ProgramReader
  beforeAll(async () => {
    scene = await setScene(work => void closing.unshift(work))
  })
  afterAll(async () => {
    await Promise.all(scene.nodes.portals.map(portal => portal.stop()))
    for (const work of closing) await work()
  })
  beforeEach(async () => {
    message = await newMessage(scene)
    reader = programReader(scene.nodes.portalUrl)
  })

  test('portals that start at once make each key once, so that all of them open what the gateway seals', async () => {
    const { database, portals } = scene.nodes
    const current = await database.query(
      `select purpose, month, expiry_class, count(*)::int as keys from organisation_keys
       where retired_at_ms is null group by purpose, month, expiry_class`,
    )
    expect(current.length).toBeGreaterThan(5)
    expect(new Set(current.map(({ keys }) => keys))).toEqual(new Set([1]))
    const fingerprints = await Promise.all(portals.map(fingerprintOf))
    expect(new Set(fingerprints).size).toBe(1)
  })

  test('a passcode asked for on one node is verified on another, and read on either', async () => {
    const { a, b } = scene
    const asking = await askPasscode(scene, message, reader, a)
    expect((await verify(reader, b, asking)).status).toBe(200)
    for (const node of [a, b]) {
      const { answer, open } = await release(message, reader, node)
      expect(answer.status).toBe(200)
      expect(await open()).toContain(secret)
    }
  })

  test('threat: stolen cookie after sign-out: what is signed out on one node is signed out on every one', async () => {
    const { a, b } = scene
    await verify(reader, a, await askPasscode(scene, message, reader, a))
    const thief = programReader(scene.nodes.portalUrl, new Map(reader.cookies))
    expect((await release(message, thief, b)).answer.status).toBe(200)
    const signedOut = await reader.ask('/api/session', {}, { method: 'DELETE', port: a.port })
    expect(signedOut.status).toBeLessThan(300)
    for (const node of [a, b]) {
      const { answer } = await release(message, thief, node)
      expect(answer).toMatchObject({ status: 401, json: { code: 'sign-in-required' } })
    }
  })

  test('threat: passcode guessing: 1,000 parallel guesses from many networks over two nodes get five comparisons', async () => {
    const { a, b } = scene
    const { challenge, code } = await askPasscode(scene, message, reader, a)
    const guesses = Array.from({ length: 1_000 }, (_, i) => wrongCode(code, i + 1))
    const answers = await Promise.all(
      guesses.map((guess, i) =>
        verify(reader, i % 2 === 0 ? a : b, { challenge, code: guess }, networkOf(i)),
      ),
    )
    expect(new Set(answers.map(({ json }) => json['code']))).toEqual(new Set(['wrong-passcode']))
    const left = answers.map(({ json }) => Number(json['triesLeft']))
    expect(left.filter(tries => tries > 0).toSorted((x, y) => x - y)).toEqual([1, 2, 3, 4])
    for (const node of [a, b])
      expect((await verify(reader, node, { challenge, code })).json).toMatchObject({
        code: 'wrong-passcode',
        triesLeft: 0,
      })
    expect((await release(message, reader, a)).answer.status).toBe(401)
  })

  test('threat: replay of a used code: on two nodes at once exactly one gets in', async () => {
    const { a, b } = scene
    for (let round = 0; round < 5; round += 1) {
      const asking = await askPasscode(scene, message, reader, a)
      const answers = await Promise.all([a, b, a, b].map(node => verify(reader, node, asking)))
      const statuses = answers.map(({ status }) => status)
      expect(statuses.toSorted((x, y) => x - y)).toEqual([200, 410, 410, 410])
    }
  })

  test('threat: mail bomb: limits count on all nodes together', async () => {
    const { a, b } = scene
    const windowNow = (): number => Math.floor(Date.now() / WINDOW_MS)
    for (let begun = -1; begun !== windowNow(); message = await newMessage(scene)) {
      begun = windowNow()
      const wish = { stanza: message.stanza, recipient: { index: 0 }, locale: 'en' }
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          reader.ask('/api/passcodes', wish, { port: i % 2 === 0 ? a.port : b.port }),
        ),
      )
      if (begun !== windowNow()) continue
      const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length
      expect([count(201), count(429)]).toEqual([PER_WINDOW, 40 - PER_WINDOW])
    }
  })

  test('threat: replayed code: a sign-in that began on one node comes back to another, and to one alone', async () => {
    const { a, b, nodes } = scene
    const start = signInPath({
      provider: 'microsoft',
      organisation: 'example',
      privateComputer: false,
      prompt: 'usual',
      page: 'read',
    })
    const began = await reader.ask(start, {}, { method: 'GET', port: a.port })
    expect(began.status).toBe(303)
    const choice = { email: message.to, kind: 'work' }
    const callback = await atProvider(new URL(began.location), choice, nodes.portalUrl)
    const copies = [b, a, b, a].map(({ port }) => {
      const copy = programReader(nodes.portalUrl, new Map(reader.cookies))
      const back = copy.ask(`${callback.pathname}${callback.search}`, {}, { method: 'GET', port })
      return back.then(({ location }) => ({
        copy,
        outcome: parseSignInOutcome(new URL(location, nodes.portalUrl).hash),
      }))
    })
    const ended = await Promise.all(copies)
    const results = ended.map(({ outcome }) => outcome?.result ?? '')
    expect(results.filter(result => result === 'proven')).toHaveLength(1)
    expect(results.filter(result => result === 'stale')).toHaveLength(3)
    for (const { copy, outcome } of ended)
      expect((await release(message, copy, b)).answer.status).toBe(
        outcome?.result === 'proven' ? 200 : 401,
      )
  })

  test('what is revoked on one machine is closed on every node at once', async () => {
    const { a, b } = scene
    await verify(reader, a, await askPasscode(scene, message, reader, a))
    expect((await release(message, reader, b)).answer.status).toBe(200)
    const config = ['--config', `${a.folder}/zegel.yaml`]
    const journal = await zegelHere(['journal', ...config, '--json'])
    const entries = JSON.parse(journal.stdout.toString()) as readonly JournalLine[]
    const id = entries.find(({ recipients }) => recipients.includes(message.to))?.messageId ?? ''
    expect((await zegelHere(['revoke', ...config, '--', id])).stderr).toBe('')
    for (const node of [a, b])
      expect((await release(message, reader, node)).answer).toMatchObject({
        status: 410,
        json: { code: 'revoked' },
      })
  })

  test('a node that ends leaves the reader to the other', async () => {
    const { b, c } = scene
    const asking = await askPasscode(scene, message, reader, c)
    await c.stop()
    expect((await verify(reader, b, asking)).status).toBe(200)
    const { open } = await release(message, reader, b)
    expect(await open()).toContain(secret)
  })
})

/** Another code, by as much. */
const wrongCode = (code: string, by: number): string =>
  String((Number(code) + by) % 100_000_000).padStart(8, '0')

const networkOf = (i: number): string => `10.${i >> 8}.${i & 255}.1`

describe('a database that a portal has made', () => {
  test('zegel check finds the database, backup and restore carry it', async () => {
    const { database, portals } = await startPortals(1, onTestFinished)
    const folder = portals[0]?.folder ?? ''
    const config = ['--config', `${folder}/zegel.yaml`]
    const parts = ['dns', 'mail', 'public'].flatMap(part => ['--skip', part])
    const checked = await zegelHere(['check', ...config, ...parts])
    expect(checked.stdout.toString()).toContain(`ok      database: ${database.url}`)
    const saved = await zegelHere(['backup', ...config, `${folder}/saved.backup`])
    expect(saved.stderr).toBe('')
    const busy = await zegelHere(['restore', ...config, '--replace', `${folder}/saved.backup`])
    expect(busy.stderr).toContain('the database is in use: stop zegel first')
    await portals[0]?.stop()
    const keys = await database.query('select * from organisation_keys order by id')
    await database.query('delete from organisation_keys')
    const restored = await zegelHere(['restore', ...config, '--replace', `${folder}/saved.backup`])
    expect(restored.stderr).toBe('')
    expect(await database.query('select * from organisation_keys order by id')).toEqual(keys)
  })
})
