import { describe, expect, it, vi } from 'vitest'
import { parseAddress } from '../../../../src/core/address/address.ts'
import type { Address } from '../../../../src/core/address/address.ts'
import { Submission } from '../../../../src/server/gateway/replies/submission.ts'
import { openStore } from '../../../../src/server/store/open-store.ts'
import { patienceMs } from '../../../support/patience.ts'

const writer = parseAddress('bob@outside.org') as Address
const claimMs = 40

describe('the claim of a submission', () => {
  it('holds while its gateway lives, however long the next hop takes, and ends soon when it has died', async () => {
    const store = await openStore('sqlite::memory:')
    let nowMs = Date.now()
    let prolonged = 0
    const deliveries: typeof store.deliveries = {
      ...store.deliveries,
      prolong: async (...asked) => {
        const isOurs = await store.deliveries.prolong(...asked)
        prolonged++
        return isOurs
      },
    }
    const needs = { deliveries, mac: (data: Uint8Array) => data, clock: () => nowMs, claimMs }
    const [messageId, submissionId] = ['m'.repeat(22), 's'.repeat(22)]
    const identity = { organisationId: 'example', writer, messageId, submissionId }
    const submission = new Submission(needs, identity)
    const claim = await submission.claim()
    for (let at = 1; at <= 10; at++) {
      nowMs += claimMs / 2
      await vi.waitFor(() => expect(prolonged).toBe(at), patienceMs)
    }
    expect(await submission.claim()).toBeUndefined()
    nowMs += claimMs + 1
    const next = await submission.claim()
    expect(next).toBeDefined()
    expect(await claim?.keep(claimMs)).toBe(false)
    await Promise.all([claim?.end(), next?.end()])
    await store.close()
  })
})
