import crypto, { webcrypto } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PasscodeAnswer } from '../../../src/core/api/messages.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { BOB, address, sealHere } from '../keys/installation.ts'
import { codeIn, passcodeSink } from './support/passcode-sink.ts'
import { testPortal } from './support/test-portal.ts'
import type { TestPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

/** In Bcc, so that a stranger who has the message would like to know of it. */
const KNOWN = address('carol@example.org')
/** As long: what is longer takes more bytes, whoever it is. */
const UNKNOWN = 'mavis@example.org'

/** Notes each call of the store, by its name. */
function recordStore(store: Store, calls: string[]): void {
  for (const [part, methods] of Object.entries(store) as [string, Record<string, unknown>][])
    for (const [name, method] of Object.entries(typeof methods === 'object' ? methods : {})) {
      if (typeof method !== 'function') continue
      methods[name] = (...values: unknown[]) => {
        calls.push(`${part}.${name}`)
        return (method as (...all: unknown[]) => unknown)(...values)
      }
    }
}

/** Notes each use of a cipher, a hash or a signature; of the process's own, so that nothing is passed by. */
function recordCrypto(calls: string[]): void {
  const undo: (() => void)[] = []
  const record = (on: object, name: string): void => {
    const original = Reflect.get(on, name) as (...all: unknown[]) => unknown
    const recorded = function (this: unknown, ...values: unknown[]) {
      calls.push(name)
      return original.apply(this, values)
    }
    Object.defineProperty(on, name, { value: recorded, configurable: true, writable: true })
    undo.push(() =>
      Object.defineProperty(on, name, { value: original, configurable: true, writable: true }),
    )
  }
  for (const name of ['createHmac', 'createHash', 'hkdfSync', 'createCipheriv', 'timingSafeEqual'])
    record(crypto, name)
  for (const name of ['encrypt', 'decrypt', 'digest', 'sign']) record(webcrypto.subtle, name)
  syncBuiltinESMExports()
  onTestFinished(() => {
    for (const each of undo) each()
    syncBuiltinESMExports()
  })
}

/** What a stranger can measure of an answer: its status, its header, and how long each value is. */
async function shapeOf(response: Response): Promise<unknown> {
  const lengths = (value: unknown): unknown => {
    if (typeof value === 'string') return value.length
    if (typeof value !== 'object' || value === null) return value
    return Object.entries(value).map(([name, each]) => [name, lengths(each)])
  }
  const headers = [...response.headers].map(([name, value]) => [name, value.length])
  const text = await response.clone().text()
  return { status: response.status, headers, bytes: text.length, body: lengths(JSON.parse(text)) }
}

/** Two strangers, one asks for an address that is a recipient and one for another; with all that was done for each. */
async function recorded() {
  const events: string[] = []
  const sink = await passcodeSink({
    onConnect(_session, callback) {
      events.push('mail')
      callback()
    },
  })
  const test = await testPortal({ sink })
  const message = await sealHere(test.here, {
    recipients: [
      { address: BOB, listed: true },
      { address: KNOWN, listed: false },
    ],
  })
  const calls: string[] = []
  recordStore(test.here.store, calls)
  recordCrypto(calls)
  /** What was done until the answer was there. */
  const during = async (ask: () => Promise<Response>) => {
    calls.length = 0
    events.length = 0
    const response = await ask()
    const done = [...calls]
    events.push('answer')
    return { done, shape: await shapeOf(response), response }
  }
  const request = (who: Visitor, typed: string) =>
    during(() => {
      const json = { stanza: message.stanza, recipient: { address: typed }, locale: 'en' }
      return who.ask('/api/passcodes', { json })
    })
  return { test, events, during, request }
}

async function warm(test: TestPortal, request: (who: Visitor, typed: string) => Promise<unknown>) {
  // Keys are unwrapped and languages loaded once.
  await request(visitor(test.portal), UNKNOWN)
  await request(visitor(test.portal), KNOWN)
  await test.sink.next(KNOWN)
}

describe('threat: enumeration of accounts or recipients: timing of known and unknown addresses', () => {
  it('the same work is done, the same bytes are answered, and the mail leaves after the answer', async () => {
    const { test, events, request } = await recorded()
    await warm(test, request)
    const unknown = await request(visitor(test.portal), UNKNOWN)
    const known = await request(visitor(test.portal), KNOWN)
    expect(known.done.length).toBeGreaterThan(8)
    expect(known.done).toEqual(unknown.done)
    expect(known.shape).toEqual(unknown.shape)
    await test.sink.next(KNOWN)
    expect(events).toEqual(['answer', 'mail'])
  })

  it('also while one waits for the mail, and when a wrong code is typed', async () => {
    const { test, during, request } = await recorded()
    await warm(test, request)
    const later = async (typed: string) => {
      const who = visitor(test.portal)
      const { response } = await request(who, typed)
      const { id, challenge } = (await response.json()) as PasscodeAnswer
      // Of the stranger's own, so of no mail: it must be wrong for both.
      const right = typed === KNOWN ? codeIn(await test.sink.next(KNOWN)) : '00000000'
      const code = right === '12345678' ? '87654321' : '12345678'
      const json = { challenge, code, privateComputer: false }
      const asked = await during(() => who.ask(`/api/passcodes/${id}`))
      const guessed = await during(() => who.ask('/api/passcodes/verify', { json }))
      return [asked, guessed].map(({ done, shape }) => ({ done, shape }))
    }
    await later(UNKNOWN)
    const unknown = await later(UNKNOWN)
    expect(await later(KNOWN)).toEqual(unknown)
    expect(unknown.every(({ done }) => done.length > 2)).toBe(true)
  })
})
