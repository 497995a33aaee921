import { describe, expect, it } from 'vitest'
import type { Address } from '../../../src/core/address/address.ts'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { createReleaseKey } from '../../../src/server/keys/release-key.ts'
import type { OfferedReplies } from '../../../src/server/keys/reply-offer.ts'
import {
  BOB,
  CAROL,
  type Installation,
  NOW_MS,
  address,
  installation,
  proofOf,
  sealHere,
} from './installation.ts'

const MALLORY = address('mallory@example.net')

describe('what an answer needs', () => {
  const offered = async (
    here: Installation,
    fields: Partial<Policy>,
    reader: Address,
    offer: OfferedReplies | null = { maxBytes: 7, domains: ['example.com'] },
  ) => {
    const message = await sealHere(here, fields)
    const { publicKey: browserKey } = await createReleaseReceiver()
    const releaseKey = createReleaseKey({
      openStanza: here.portal.openStanza,
      overrides: here.store.overrides,
      audit: null,
      offerReplies: organisationId => (organisationId === 'example' ? offer : null),
    })
    const proofs = [proofOf(reader)]
    const result = await releaseKey({ stanza: message.stanza, browserKey, proofs, nowMs: NOW_MS })
    return result.ok ? result.answer.reply : result.code
  }
  const DAVE = address('dave@example.com')

  it('names who takes part: sender, people inside, listed recipients, the reader', async () => {
    const here = await installation()
    expect(await offered(here, { inside: [DAVE] }, BOB)).toMatchObject({
      maxBytes: 7,
      participants: ['alice@example.com', DAVE, BOB],
      inside: ['alice@example.com', DAVE],
    })
  })

  it('names nobody in Bcc, except themselves', async () => {
    const here = await installation()
    const participants = ['alice@example.com', BOB, CAROL]
    expect(await offered(here, {}, CAROL)).toMatchObject({ participants })
  })

  it('names the writer, not the address that stands for them', async () => {
    const here = await installation()
    const sender = address('mallory=example.net.x@replies.example.com')
    const writer = { address: MALLORY, method: 'passcode', assurance: 'mailbox' } as const
    const recipients = [{ address: BOB, listed: true }]
    const fields = { sender, writer, recipients, inside: [DAVE] }
    expect(await offered(here, fields, BOB)).toMatchObject({
      participants: [MALLORY, DAVE, BOB],
      inside: [DAVE],
    })
  })

  it('is nothing where no answers are taken, or none is allowed', async () => {
    const here = await installation()
    expect(await offered(here, {}, BOB, null)).toBeNull()
    const none = { reply: false, forward: false, print: true }
    expect(await offered(here, { permissions: none }, BOB)).toBeNull()
    const onward = await offered(here, { permissions: { ...none, forward: true } }, BOB)
    expect(onward).toMatchObject({ maxBytes: 7 })
  })
})
