import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStanza } from '../../../src/core/envelope/stanza.ts'
import {
  EXPIRY_CLASSES,
  endOfMonthMs,
  expiryClassOf,
  longestMs,
  monthOf,
} from '../../../src/server/keys/expiry-class.ts'
import { keepSealingKeys } from '../../../src/server/keys/sealing-keys.ts'
import { destroyAt } from './destroy.ts'
import {
  BOB,
  DAY_MS,
  NOW_MS,
  TEXT,
  installation,
  openHere,
  proofOf,
  sealHere,
} from './installation.ts'

describe('months and classes', () => {
  it('put every message under a key that outlives it', () => {
    const lives = fc.integer({ min: 1, max: 731 * DAY_MS })
    const times = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2090, 0) })
    fc.assert(
      fc.property(times, lives, (nowMs, lifeMs) => {
        const longest = longestMs(expiryClassOf(nowMs + lifeMs, nowMs))
        expect(endOfMonthMs(monthOf(nowMs)) + (longest ?? Infinity)).toBeGreaterThan(nowMs + lifeMs)
        expect(endOfMonthMs(monthOf(nowMs))).toBeGreaterThan(nowMs)
      }),
    )
  })

  it('turn at the year in UTC', () => {
    expect(monthOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toBe('2026-12')
    expect(monthOf(Date.UTC(2026, 11, 31), 1)).toBe('2027-01')
    expect(monthOf(Date.UTC(2026, 0, 31), 1)).toBe('2026-02')
    expect(endOfMonthMs('2026-12')).toBe(Date.UTC(2027, 0, 1))
  })
})

describe('ensureSealingKeys', () => {
  it('makes every class for this month and the next two, once', async () => {
    const { portal, store } = await installation()
    await portal.ensureSealingKeys(NOW_MS)
    const keys = await store.organisationKeys.list('example', 'sealing')
    const slots = keys.map(key => `${key.month} ${key.expiryClass}`)
    expect(slots.toSorted()).toEqual(
      ['2026-11', '2026-12', '2027-01']
        .flatMap(month => EXPIRY_CLASSES.map(name => `${month} ${name}`))
        .toSorted(),
    )
    await portal.ensureSealingKeys(Date.UTC(2026, 11, 1))
    expect(await store.organisationKeys.list('example', 'sealing')).toHaveLength(4 * 5)
  })

  it('never destroys what never expires', async () => {
    const { portal, store } = await installation()
    await destroyAt(portal, Date.UTC(2100, 0))
    const keys = await store.organisationKeys.list('example', 'sealing')
    for (const key of keys) expect(key.wrappedPrivateKey === null).toBe(key.expiryClass !== 'never')
  })
})

describe('an expiry that is extended', () => {
  it('keeps the key until the new expiry', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const until = NOW_MS + 300 * DAY_MS
    expect(await keepSealingKeys(here.store.organisationKeys, message.policy, until)).toBe(true)
    await here.store.overrides.put({
      messageId: message.policy.messageId,
      organisationId: 'example',
      recipient: null,
      revoked: false,
      changesExpiry: true,
      expiresAtMs: until,
      createdAtMs: NOW_MS,
    })
    here.clockMs = until - 1
    const keyId = parseStanza(message.stanza)?.keyId
    expect(await destroyAt(here.portal, here.clockMs)).not.toContain(keyId)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    expect(await destroyAt(here.portal, until + 2 * DAY_MS)).toContain(keyId)
  })

  it('says so when the key is destroyed already', async () => {
    const here = await installation()
    const { policy } = await sealHere(here)
    await destroyAt(here.portal, NOW_MS + 100 * DAY_MS)
    expect(await keepSealingKeys(here.store.organisationKeys, policy, null)).toBe(false)
  })
})
