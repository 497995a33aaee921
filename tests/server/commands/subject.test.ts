import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import { makeKeys } from '../../../src/server/commands/make-keys.ts'
import { openHashSecrets } from '../../../src/server/commands/open-keys.ts'
import { parseConfig } from '../../../src/server/config/load-config.ts'
import { addressHashes } from '../../../src/server/identity/address-hashes.ts'
import { createRateLimiter } from '../../../src/server/identity/rate-limiter.ts'
import { createRootKeyFile } from '../../../src/server/keys/root-key.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { zegelHere } from './zegel-here.ts'

const BOB = parseAddress('bob.canary@example.org') ?? never()
const id = (): string => randomBytes(16).toString('base64url')

function never(): never {
  throw new Error('no address')
}

describe('zegel subject', () => {
  let folder = ''
  const config = () => ['--config', `${folder}/zegel.yaml`]
  const run = (...args: string[]) => zegelHere(['subject', ...args, ...config()])

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/zegel-subject-`)
    for (const name of ['gateway.key', 'portal.key']) await createRootKeyFile(`${folder}/${name}`)
    const organisations = ['example', 'other'].map(each => ({
      id: each,
      name: each,
      domains: [`${each}.com`],
      privacyAddress: each === 'example' ? BOB : '',
    }))
    const input = await makeKeys(
      folder,
      { organisations, portal: { url: 'http://localhost:8080' } },
      Date.now,
    )
    await writeFile(`${folder}/zegel.yaml`, JSON.stringify(input))
    const config = parseConfig(JSON.stringify(input), `${folder}/zegel.yaml`, {})
    await inStore(async open => {
      const needs = { config, store: open, environment: {}, clock: Date.now }
      await fill(open, await openHashSecrets(needs))
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Open for as long as it is asked and no longer: to read the file of an open database ends its locks. */
  async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(`sqlite:${folder}/zegel.db`)
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  it('exports what is stored about a person before one organisation, and notes that without a name', async () => {
    const { status, stdout, stderr } = await run(
      'export',
      'BOB.canary@Example.ORG',
      '--organisation',
      'example',
    )
    expect([status, stderr]).toEqual([0, ''])
    const report = JSON.parse(stdout.toString())
    expect(report).toMatchObject({
      address: BOB,
      namedInConfiguration: ['organisations[0].privacyAddress'],
      organisations: [
        {
          id: 'example',
          messagesSent: [],
          messagesReceived: [{ sender: 'alice@example.com', expiresAt: null }],
          messagesOpened: [{ signedInBy: 'passcode', assurance: 'mailbox' }],
          messagesAnswered: [{ signedInBy: 'passcode', assurance: 'mailbox', forwarded: true }],
          accountsAssociated: [{ provider: 'microsoft' }],
          passkeys: [{ timesUsed: 3 }],
        },
      ],
      passcodesAskedFor: [{ times: 1 }, { times: 1 }],
    })
    expect(stdout.toString()).not.toContain('other.com')
    const [note] = await inStore(({ audit }) => audit.list('example', { limit: 1 }))
    expect(note).toMatchObject({ event: 'subject-exported', recipient: '' })
  })

  it('erases nothing before it was said whose, nor unasked, nor in a dry run', async () => {
    const before = await rows()
    const whose = await run('erase', BOB, '--yes')
    expect([whose.status, whose.stderr]).toEqual([
      1,
      'zegel: say whose records are meant, because each organisation decides about its own: --organisation example or --organisation other\n',
    ])
    const unasked = await run('erase', BOB, '--organisation', 'example')
    expect([unasked.status, unasked.stderr]).toEqual([
      1,
      'zegel: nobody can be asked here: add --yes to erase, or --dry-run to look\n',
    ])
    const dry = await run('erase', BOB, '--organisation', 'example', '--dry-run')
    expect(dry.status).toBe(0)
    expect(dry.stdout.toString()).toContain('messages received')
    expect(dry.stdout.toString()).toContain('organisations[0].privacyAddress')
    expect(await rows()).toEqual(before)
  })

  it.each([
    [['erase', 'bob'], 2, 'bob is no address'],
    [['erase', BOB, '--audit', 'anonymous'], 2, '--audit: write pseudonymise, delete or keep'],
    [['erase', BOB, '--revocations', 'x'], 2, '--revocations: write keep or delete'],
    [['export', BOB, '--organisation', 'oter'], 1, 'there is no organisation oter'],
  ])('says in one line what is wrong with %j', async (args, status, message) => {
    const said = await run(...args)
    expect(said.status).toBe(status)
    expect(said.stderr).toContain(message)
    expect(said.stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it('erases a person from every organisation named, to the last byte of the files', async () => {
    expect(inFiles()).toBe(true)
    const options = ['--organisation', 'example', '--organisation', 'other']
    const { status, stderr } = await run(
      'erase',
      BOB,
      ...options,
      '--revocations',
      'delete',
      '--yes',
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(inFiles()).toBe(false)
    const [[entry]] = await rows()
    expect(entry?.sender).toBe('alice@example.com')
    expect(entry?.recipients).toEqual([expect.stringMatching(/^erased-[\w-]{12}$/)])
    const after = await run('export', BOB, ...options)
    const [example] = JSON.parse(after.stdout.toString()).organisations
    expect(example).toMatchObject({ messagesReceived: [], accountsAssociated: [], passkeys: [] })
    const audit = await zegelHere(['audit', ...config()])
    expect(audit.stdout.toString()).toContain('subject-erased')
    expect(audit.stdout.toString()).not.toContain(BOB)
  })

  const rows = () =>
    inStore(store =>
      Promise.all([
        store.journal.list('example', { limit: 9 }),
        store.audit.list('example', { limit: 9 }),
      ]),
    )
  const inFiles = (): boolean =>
    readdirSync(folder)
      .filter(name => name.startsWith('zegel.db'))
      .some(name => readFileSync(`${folder}/${name}`).includes(BOB))

  it('asks for the address at a terminal until it is that one, however it is capitalised', async () => {
    const typed = ['alice@example.org\n', `${BOB.toUpperCase()}\n`]
    const args = ['subject', 'erase', BOB, '--organisation', 'other', ...config()]
    const { status, stderr } = await zegelHere(args, typed)
    expect(status).toBe(0)
    expect(stderr).toContain(`that is not ${BOB}`)
  })
})

/** Bob was written to, has read, and has proofs, before both organisations. */
async function fill(
  store: Store,
  secrets: Awaited<ReturnType<typeof openHashSecrets>>,
): Promise<void> {
  const nowMs = Date.now()
  for (const organisationId of ['example', 'other']) {
    const messageId = id()
    await store.journal.record({
      messageId,
      organisationId,
      sender: organisationId === 'example' ? 'alice@example.com' : 'eve@other.com',
      recipients: [BOB],
      createdAtMs: nowMs,
      expiresAtMs: null,
      template: 'default',
    })
    const proof = { organisationId, assurance: 'mailbox' } as const
    for (const event of ['released', 'forwarded'] as const)
      await store.audit.append({
        ...proof,
        messageId,
        event,
        recipient: BOB,
        method: 'passcode',
        atMs: nowMs,
      })
    const times = { createdAtMs: nowMs, lastProvenAtMs: nowMs, lapsesAtMs: nowMs + 1e9 }
    const hashes = addressHashes(secrets, organisationId, BOB, nowMs)
    await store.associations.put({
      ...proof,
      ...times,
      id: id(),
      accountHash: new Uint8Array(randomBytes(32)),
      addressHash: hashes.association,
      provider: 'microsoft',
    })
    await store.passkeys.add({
      ...proof,
      ...times,
      id: id(),
      credentialId: id(),
      addressHash: hashes.passkey,
      publicKey: new Uint8Array(randomBytes(77)),
      counter: 3,
      ground: null,
      mailboxProven: true,
    })
  }
  const take = createRateLimiter({ rates: store.rates, secret: secrets.rate, clock: Date.now })
  await take('passcode-address', BOB)
}
