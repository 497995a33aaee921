import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import { DeliveredHalves } from '../../../src/server/gateway/delivered-halves.ts'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../src/server/gateway/mail-facts.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { makeTestKeys } from './support/test-keys.ts'

const address = (text: string): Address => parseAddress(text) as Address
const people = [address('bob@else.test')]
const from = 'From: alice@example.com\r\nSubject: Scan\r\n'
const usual = `${from}Message-ID: <1@example.com>\r\nDate: Sat, 21 Nov 2026 04:00:00 +0000\r\n`

let store: Store
let halvesOf: (header: string, user?: string) => DeliveredHalves

beforeAll(async () => {
  store = await openStore('sqlite::memory:')
  const { mac } = await makeTestKeys()
  const needs = { deliveries: store.deliveries, mac, clock: () => 1 }
  halvesOf = (header, user) =>
    new DeliveredHalves(needs, {
      facts: new MailFacts(readHeaderFields(Buffer.from(`${header}\r\n`))),
      sender: address('alice@example.com'),
      envelopeSender: 'alice@example.com',
      user,
    })
})
afterAll(() => store.close())

describe('a mail that was delivered already', () => {
  it('is known again when the client tries again, whatever was added on the way', async () => {
    await halvesOf(usual, 'alice').add(people)
    expect(await halvesOf(`Received: by x\r\n${usual}`, 'alice').has(people)).toBe(true)
    expect(await halvesOf(usual, 'alice').has([...people, ...people])).toBe(false)
  })

  it('is another when somebody sends it once more (RFC 5322 §3.6.6)', async () => {
    await halvesOf(usual).add(people)
    const resent = `Resent-From: alice@example.com\r\nResent-Date: Sun, 22 Nov 2026 04:00:00 +0000\r\n${usual}`
    const anew = `Resent-Message-ID: <2@example.com>\r\n${resent}`
    expect(await halvesOf(resent).has(people)).toBe(false)
    await halvesOf(resent).add(people)
    expect(await halvesOf(resent).has(people)).toBe(true)
    expect(await halvesOf(anew).has(people)).toBe(false)
  })

  it('threat: swallowed mail: another user cannot say beforehand that it was delivered', async () => {
    const later = usual.replace('<1@', '<3@')
    await halvesOf(later, 'mallory').add(people)
    expect(await halvesOf(later, 'alice').has(people)).toBe(false)
    expect(await halvesOf(later).has(people)).toBe(false)
  })

  it('is not taken for the next one of a device that writes neither Message-ID nor Date', async () => {
    await halvesOf(from).add(people)
    expect(await halvesOf(from).has(people)).toBe(false)
    const dated = `${from}Date: Sat, 21 Nov 2026 04:00:00 +0000\r\n`
    await halvesOf(dated).add(people)
    expect(await halvesOf(dated).has(people)).toBe(true)
  })
})
