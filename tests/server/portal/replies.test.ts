import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../../src/core/api/messages.ts'
import { parseStanza, formatStanza } from '../../../src/core/envelope/stanza.ts'
import { BOB, address, sealHere } from '../keys/installation.ts'
import { patienceMs } from '../../support/patience.ts'
import { accountPortal, signInWithAccount } from './support/account-portal.ts'
import { codeIn } from './support/passcode-sink.ts'
import { beginReply, postReply, replyBodyOf } from './support/post-reply.ts'
import { replyPortal } from './support/reply-portal.ts'
import type { ReplyPortal } from './support/reply-portal.ts'
import { askPasscode, signIn } from './support/sign-in.ts'
import { ORIGIN, visitor } from './support/visitor.ts'

const MALLORY = address('mallory@example.net')
const MIB = 1024 * 1024

const send = ({ port, message, bob }: ReplyPortal, file: Uint8Array = randomBytes(1000)) =>
  postReply(port, bob, replyBodyOf(message.stanza, file))

describe('POST /api/replies', () => {
  it('passes a reply on byte for byte, and says who wrote it and what is answered', async () => {
    const test = await replyPortal()
    const file = randomBytes(3 * MIB)
    expect(await send(test, file)).toEqual({ status: 200, body: { kind: 'reply' } })
    const [handed] = test.gateway.taken
    const opened = await test.here.portal.openStanza(test.message.stanza)
    expect(handed?.head).toEqual({
      version: 1,
      organisationId: 'example',
      record: Buffer.from(opened.ok ? opened.padded : []).toString('base64'),
      writer: {
        address: BOB,
        method: 'passcode',
        assurance: 'mailbox',
        provenAtMs: test.here.clockMs,
      },
      atMs: test.here.clockMs,
      bytes: file.length,
    })
    expect(handed?.file.equals(file)).toBe(true)
  })

  it('takes it in pieces of any size', async () => {
    const test = await replyPortal()
    for (const [bytes, pieceBytes] of [
      [0, 1],
      [40, 1],
      [200_000, 65_537],
    ] as const) {
      const file = randomBytes(bytes)
      const body = replyBodyOf(test.message.stanza, file)
      expect((await postReply(test.port, test.bob, body, { pieceBytes })).status).toBe(200)
      expect(test.gateway.taken.at(-1)?.file.equals(file)).toBe(true)
    }
  })

  it('says how an account proved the address', async () => {
    const test = await replyPortal({}, accountPortal)
    const bob = visitor(test.portal)
    await signInWithAccount(bob, { email: BOB, kind: 'work' })
    expect((await send({ ...test, bob })).status).toBe(200)
    const writer = { address: BOB, method: 'account', assurance: 'account' }
    expect(test.gateway.taken[0]?.head.writer).toMatchObject(writer)
  })

  it('takes it of an account that is associated with the address', async () => {
    const test = await replyPortal({}, accountPortal)
    const atHome = { name: 'Bob Brown', email: 'bob@outlook.com' }
    await signInWithAccount(test.bob, atHome)
    await associate(test)
    const again = visitor(test.portal)
    await signInWithAccount(again, atHome)
    expect((await send({ ...test, bob: again })).status).toBe(200)
    expect(test.gateway.taken[0]?.head.writer).toMatchObject({ address: BOB, method: 'account' })
  })

  it('logs nothing of it', async () => {
    const test = await replyPortal()
    await send(test, Buffer.from('the words of a reply'))
    expect(test.logged.join('')).not.toMatch(/the words|bob@/)
  })
})

describe('who may not answer', () => {
  const code = async (test: ReplyPortal) => (await send(test, randomBytes(MIB))).body.code

  it("another's session", async () => {
    const test = await replyPortal()
    const own = await sealHere(test.here, { recipients: [{ address: MALLORY, listed: true }] })
    const mallory = visitor(test.portal)
    await signIn(test, mallory, own.stanza, MALLORY)
    expect(await code({ ...test, bob: mallory })).toBe('not-a-recipient')
    expect(test.gateway.counts.begun).toBe(0)
  })

  it('a session of another organisation', async () => {
    const test = await replyPortal()
    const sender = address('eve@other.test')
    const foreign = await sealHere(test.here, { organisationId: 'other', sender })
    const bob = visitor(test.portal)
    await signIn(test, bob, foreign.stanza, BOB)
    expect(await code({ ...test, bob })).toBe('sign-in-required')
  })

  it('a session that was ended, or has ended; the answer comes after all of the body', async () => {
    const test = await replyPortal()
    const stolen = { ...test, bob: { ...test.bob, cookies: new Map(test.bob.cookies) } }
    await test.bob.ask('/api/session', { method: 'DELETE', headers: { origin: ORIGIN } })
    expect(await code(stolen)).toBe('sign-in-required')
    await signIn(test, test.bob, test.message.stanza, BOB)
    test.here.clockMs += 31 * 60_000
    expect(await code(test)).toBe('sign-in-required')
    expect(test.gateway.counts.begun).toBe(0)
  })

  it('nobody, when the message has expired or was withdrawn', async () => {
    const test = await replyPortal({ policy: { expiresAtMs: null } })
    const { messageId, organisationId } = test.message.policy
    const common = { messageId, organisationId, recipient: null, createdAtMs: 0 }
    const { overrides } = test.here.store
    const expired = { changesExpiry: true, expiresAtMs: test.here.clockMs }
    await overrides.put({ ...common, revoked: false, ...expired })
    expect(await code(test)).toBe('expired')
    await overrides.put({ ...common, revoked: true, changesExpiry: false, expiresAtMs: null })
    expect(await code(test)).toBe('revoked')
    expect(test.gateway.counts.begun).toBe(0)
  })

  it('who is signed in too weakly', async () => {
    const test = await replyPortal()
    const strict = await sealHere(test.here, { assurance: 'account' })
    expect(await code({ ...test, message: strict })).toBe('assurance-too-low')
  })

  it('with an altered stanza', async () => {
    const test = await replyPortal()
    const parsed = parseStanza(test.message.stanza)
    const body = Uint8Array.from(parsed?.body ?? [])
    body[2000] = (body[2000] ?? 0) ^ 1
    const stanza = formatStanza({ keyId: parsed?.keyId ?? '', body })
    expect(await code({ ...test, message: { ...test.message, stanza } })).toBe('bad-envelope')
    expect(test.gateway.counts.begun).toBe(0)
  })

  it('without any permission; with one, the gateway decides', async () => {
    const none = { reply: false, forward: false, print: true }
    const test = await replyPortal({ policy: { permissions: none } })
    expect(await code(test)).toBe('reply-not-allowed')
    const message = await sealHere(test.here, { permissions: { ...none, forward: true } })
    expect((await send({ ...test, message })).status).toBe(200)
  })

  it('more than so many times', async () => {
    const test = await replyPortal()
    for (let sent = 0; sent < 20; sent++) expect((await send(test)).status).toBe(200)
    expect((await send(test)).body).toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: expect.any(Number),
    })
    test.here.clockMs += 11 * 60_000
    expect((await send(test)).status).toBe(200)
  })
})

describe('what is no reply', () => {
  it('is too large: refused before anything of it is passed on', async () => {
    const test = await replyPortal({ maxBytes: 100_000 })
    expect((await send(test, randomBytes(100_000))).body.code).toBe('too-large')
    expect(test.gateway.counts.begun).toBe(0)
    const { asked, answered } = beginReply(test.port, test.bob, 2 ** 40)
    asked.write('x')
    expect((await answered).body.code).toBe('too-large')
    asked.destroy()
  })

  it.each([
    ['without its length', { 'transfer-encoding': 'chunked' }],
    ['of another type', { 'content-type': 'text/plain' }],
    ['of a type with more to it', { 'content-type': 'application/vnd.zegel.reply; x=y' }],
  ])('is %s', async (_, headers) => {
    const test = await replyPortal()
    const body = replyBodyOf(test.message.stanza, randomBytes(10))
    const refused = await postReply(test.port, test.bob, body, { headers })
    expect(refused.body.code).toBe('bad-request')
  })

  it.each([
    ['cut within its head', (body: Buffer) => body.subarray(0, 100)],
    ['shorter than a length', () => Buffer.alloc(3)],
    ['a head without end', () => Buffer.from([255, 255, 255, 255, 1])],
    ['no JSON', () => Buffer.from([0, 0, 0, 1, 0x7b])],
    ['more in its head than a stanza', () => headOf({ stanza: 'x', writer: BOB })],
  ])('is %s', async (_, change) => {
    const test = await replyPortal()
    const body = change(replyBodyOf(test.message.stanza, randomBytes(10)))
    expect((await postReply(test.port, test.bob, body)).body.code).toBe('bad-request')
    expect(test.gateway.counts.begun).toBe(0)
  })
})

describe('a browser that breaks off', () => {
  it('breaks the hand-over off', async () => {
    const test = await replyPortal()
    const body = replyBodyOf(test.message.stanza, randomBytes(MIB))
    const { asked, answered } = beginReply(test.port, test.bob, body.length)
    asked.write(body.subarray(0, MIB / 2))
    const wait = { timeout: patienceMs }
    await expect.poll(() => test.gateway.counts.begun, wait).toBe(1)
    asked.destroy()
    await expect(answered).rejects.toThrow()
    await expect.poll(() => test.gateway.counts.brokenOff, wait).toBe(1)
    expect(test.gateway.taken).toEqual([])
    expect(test.logged.join('')).not.toMatch(/failed/)
  })
})

/** Bob's account, with one more passcode. */
async function associate({ sink, bob, message }: ReplyPortal): Promise<void> {
  const { account } = (await (await bob.ask('/api/session')).json()) as SessionView
  const { challenge } = await askPasscode(bob, message.stanza)
  const code = codeIn(await sink.next(BOB))
  const json = { challenge, code, privateComputer: false, associate: account?.id }
  expect((await bob.ask('/api/passcodes/verify', { json })).status).toBe(200)
}

function headOf(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value))
  return Buffer.concat([Buffer.from([0, 0, 0, json.length]), json])
}
