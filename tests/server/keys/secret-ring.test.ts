import { describe, expect, it } from 'vitest'
import type { SecretRing } from '../../../src/server/identity/secret-ring.ts'
import { createTokenBox } from '../../../src/server/identity/sealed-token.ts'
import { INSTALLATION } from '../../../src/server/keys/own-keys.ts'
import { DAY_MS, installation } from './installation.ts'
import type { Installation } from './installation.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const cookies = (ring: SecretRing) => createTokenBox(ring, 'session')

/** How many cookie secrets can still open something. */
async function living({ store }: Installation): Promise<number> {
  const keys = await store.organisationKeys.list(INSTALLATION, 'cookie')
  return keys.filter(key => key.wrappedPrivateKey !== null).length
}

describe('the secret of cookies', () => {
  it('is renewed when it is a month old, and before only when somebody asks', async () => {
    const here = await installation()
    const ring = here.portal.ring('cookie')
    const first = (await ring.current()).id
    here.clockMs += 30 * DAY_MS - 1
    await here.portal.tendSecrets(here.clockMs)
    expect((await ring.current()).id).toBe(first)
    here.clockMs += 1
    await here.portal.tendSecrets(here.clockMs)
    const second = (await ring.current()).id
    expect(second).not.toBe(first)
    await here.portal.rotateSecrets(here.clockMs)
    expect((await ring.current()).id).not.toBe(second)
  })

  it('threat: a clock that jumps ahead: is renewed when it was made in a future that did not come', async () => {
    const here = await installation()
    const ring = here.portal.ring('cookie')
    await here.portal.rotateSecrets(here.clockMs + 400 * DAY_MS)
    const ofTheFuture = (await ring.current()).id
    await here.portal.tendSecrets(here.clockMs)
    expect((await ring.current()).id).not.toBe(ofTheFuture)
    expect(await living(here)).toBe(2) // the one that was retired in that future is gone
  })

  it('opens what it sealed as long as a session can last, and is destroyed then', async () => {
    const here = await installation()
    const box = cookies(here.portal.ring('cookie'))
    const cookie = await box.seal('bob')
    await here.portal.rotateSecrets(here.clockMs)
    here.clockMs += 12 * HOUR_MS
    await here.portal.tendSecrets(here.clockMs)
    expect(await box.open(cookie)).toBe('bob')
    expect(await living(here)).toBe(2)
    here.clockMs += 2 * HOUR_MS
    await here.portal.tendSecrets(here.clockMs)
    expect(await box.open(cookie)).toBeNull()
    expect(await living(here)).toBe(1)
  })

  it('is the same on every node: one that meets a new secret looks for it before it refuses', async () => {
    const here = await installation()
    const other = await here.reopenPortal()
    const old = await cookies(here.portal.ring('cookie')).seal('bob')
    await here.portal.rotateSecrets(here.clockMs)
    const box = cookies(other.ring('cookie'))
    const renewed = await cookies(here.portal.ring('cookie')).seal('carol')
    expect(await box.open(old)).toBe('bob')
    expect(await Promise.all(Array.from({ length: 20 }, () => box.open(renewed)))).toEqual(
      Array.from({ length: 20 }, () => 'carol'),
    )
  })

  it('is sealed with by no node for longer than a minute after another renewed it', async () => {
    const here = await installation()
    const other = await here.reopenPortal()
    await here.portal.rotateSecrets(here.clockMs)
    here.clockMs += MINUTE_MS
    const newest = (await here.portal.ring('cookie').current()).id
    expect((await other.ring('cookie').current()).id).toBe(newest)
  })

  it('is forgotten by every node when one destroyed it', async () => {
    const here = await installation()
    const other = await here.reopenPortal()
    const cookie = await cookies(other.ring('cookie')).seal('bob')
    await here.portal.rotateSecrets(here.clockMs)
    here.clockMs += 14 * HOUR_MS
    await here.portal.tendSecrets(here.clockMs)
    expect(await cookies(other.ring('cookie')).open(cookie)).toBeNull()
  })

  it('ends up as one on all nodes, also when all renew it at once', async () => {
    const here = await installation()
    const nodes = [here.portal, await here.reopenPortal(), await here.reopenPortal()]
    here.clockMs += 31 * DAY_MS
    await Promise.all(nodes.map(node => node.tendSecrets(here.clockMs)))
    here.clockMs += MINUTE_MS
    const ids = await Promise.all(nodes.map(async node => (await node.ring('cookie').current()).id))
    expect(new Set(ids).size).toBe(1)
  })
})

describe('threat: a flood of cookies that name unknown secrets', () => {
  it('costs one look into the database at a time', async () => {
    const here = await installation()
    const keys = here.store.organisationKeys
    let reads = 0
    let most = 0
    let running = 0
    const list = keys.list.bind(keys)
    keys.list = async (...wanted) => {
      reads += 1
      running += 1
      most = Math.max(most, running)
      const found = await list(...wanted)
      running -= 1
      return found
    }
    const ring = here.portal.ring('cookie')
    const found = await Promise.all(Array.from({ length: 500 }, (_, i) => ring.find(`no-${i}`)))
    expect(found.every(key => key === undefined)).toBe(true)
    expect(most).toBe(1)
    expect(reads).toBeLessThanOrEqual(4)
  })
})
