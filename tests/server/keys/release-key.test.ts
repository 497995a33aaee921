import { randomBytes } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeRecord, readRecord } from '../../../src/core/envelope/record.ts'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { openStanza, sealStanza } from '../../../src/core/envelope/sealed-stanza.ts'
import { formatStanza, parseStanza } from '../../../src/core/envelope/stanza.ts'
import { effectiveExpiry } from '../../../src/core/policy/evaluate.ts'
import { ed25519Signer, generateSigningKeyPair } from '../../../src/server/crypto/ed25519.ts'
import { nodeHpke } from '../../../src/server/crypto/node-hpke.ts'
import { createReleaseKey, overridesOf } from '../../../src/server/keys/release-key.ts'
import type { StoredOverride } from '../../../src/server/store/store.ts'
import { destroyAt } from './destroy.ts'
import {
  BOB,
  CAROL,
  DAY_MS,
  type Installation,
  NOW_MS,
  type SealedMessage,
  TEXT,
  address,
  installation,
  openHere,
  policyFor,
  proofOf,
  seal,
  sealHere,
} from './installation.ts'

const MALLORY = address('mallory@example.net')

const override = (message: SealedMessage, fields: Partial<StoredOverride>): StoredOverride => ({
  messageId: message.policy.messageId,
  organisationId: message.policy.organisationId,
  recipient: null,
  revoked: false,
  changesExpiry: false,
  expiresAtMs: null,
  createdAtMs: NOW_MS,
  ...fields,
})

/** What is inside a stanza, for an attacker who holds everything the portal holds. */
async function recordOf(here: Installation, message: SealedMessage) {
  const stanza = parseStanza(message.stanza)
  const key = stanza && (await here.store.organisationKeys.find(stanza.keyId))
  if (!stanza || !key?.wrappedPrivateKey) throw new Error('the key is missing')
  const privateKey = here.portalRoot.unwrap(key.wrappedPrivateKey, key)
  const padded = await openStanza(nodeHpke, privateKey, stanza)
  return { key, padded, record: readRecord(padded).verify(() => true) }
}

describe('release', () => {
  it('opens the message for a recipient, listed or not', async () => {
    const here = await installation()
    const message = await sealHere(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    expect(await openHere(here, message, [proofOf(CAROL)])).toBe(TEXT)
  })

  it('answers what the page shows beside the share', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const { publicKey: browserKey } = await createReleaseReceiver()
    const result = await here.releaseKey({
      stanza: message.stanza,
      browserKey,
      proofs: [proofOf(BOB)],
      nowMs: NOW_MS,
    })
    if (!result.ok) throw new Error(result.code)
    const { enc, ct, ...shown } = result.answer
    expect(Buffer.from(enc, 'base64')).toHaveLength(65)
    expect(Buffer.from(ct, 'base64')).toHaveLength(32)
    const signing = (await here.store.organisationKeys.list('example', 'signing'))[0]
    expect(shown).toEqual({
      signingKeyId: signing?.id,
      signingKey: Buffer.from(signing?.publicKey ?? []).toString('base64'),
      recipient: BOB,
      sender: { address: 'alice@example.com', name: 'Alice' },
      vouchedBy: 'example.com',
      permissions: { reply: true, forward: false, print: true },
      createdAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 10 * DAY_MS,
      reply: {
        recipient: message.policy.replyRecipient,
        messageId: message.policy.messageId,
        conversationId: message.policy.conversationId,
        maxBytes: 1_000_000,
        participants: ['alice@example.com', BOB],
        inside: ['alice@example.com'],
      },
    })
  })

  it('writes one audit row for a release, and none for a refusal', async () => {
    const here = await installation()
    const message = await sealHere(here)
    await openHere(here, message, [proofOf(MALLORY)])
    expect(await here.store.audit.list('example', { limit: 10 })).toEqual([])
    await openHere(here, message, [proofOf(BOB, { method: 'account', assurance: 'account' })])
    expect(await here.store.audit.list('example', { limit: 10 })).toEqual([
      {
        id: expect.any(Number),
        organisationId: 'example',
        messageId: message.policy.messageId,
        event: 'released',
        recipient: BOB,
        method: 'account',
        assurance: 'account',
        atMs: NOW_MS,
      },
    ])
  })

  it('releases nothing when the audit row cannot be written', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const releaseKey = createReleaseKey({
      openStanza: here.portal.openStanza,
      overrides: here.store.overrides,
      audit: { append: () => Promise.reject(new Error('disk full')) },
      offerReplies: () => null,
    })
    await expect(
      openHere(Object.assign(here, { releaseKey }), message, [proofOf(BOB)]),
    ).rejects.toThrow('disk full')
  })

  it('keeps no audit when it is off', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const { openStanza } = here.portal
    const releaseKey = createReleaseKey({
      openStanza,
      overrides: here.store.overrides,
      audit: null,
      offerReplies: () => null,
    })
    const off = Object.assign(here, { releaseKey })
    expect(await openHere(off, message, [proofOf(BOB)])).toBe(TEXT)
    expect(await here.store.audit.list('example', { limit: 10 })).toEqual([])
  })

  it('refuses a browser key that is no point of the curve', async () => {
    const here = await installation()
    const message = await sealHere(here)
    for (const browserKey of [new Uint8Array(0), new Uint8Array(65), randomBytes(65)]) {
      const request = { stanza: message.stanza, browserKey, proofs: [proofOf(BOB)], nowMs: NOW_MS }
      expect(await here.releaseKey(request)).toEqual({ ok: false, code: 'bad-envelope' })
    }
    expect(await here.store.audit.list('example', { limit: 10 })).toEqual([])
  })

  it('seals the share to one browser and one stanza', async () => {
    const here = await installation()
    const [message, other] = [await sealHere(here), await sealHere(here)]
    const receiver = await createReleaseReceiver()
    const result = await here.releaseKey({
      stanza: message.stanza,
      browserKey: receiver.publicKey,
      proofs: [proofOf(BOB)],
      nowMs: NOW_MS,
    })
    if (!result.ok) throw new Error(result.code)
    const enc = Uint8Array.from(Buffer.from(result.answer.enc, 'base64'))
    const ct = Uint8Array.from(Buffer.from(result.answer.ct, 'base64'))
    await expect(receiver.open({ enc, ct }, other.stanza)).rejects.toThrow('cannot-unwrap')
    const stranger = await createReleaseReceiver()
    await expect(stranger.open({ enc, ct }, message.stanza)).rejects.toThrow('cannot-unwrap')
  })
})

describe('refusals', () => {
  it('asks to sign in', async () => {
    const here = await installation()
    expect(await openHere(here, await sealHere(here), [])).toBe('sign-in-required')
  })

  it('refuses who is not a recipient', async () => {
    const here = await installation()
    const message = await sealHere(here)
    expect(await openHere(here, message, [proofOf(MALLORY)])).toBe('not-a-recipient')
  })

  it('threat: a foreign proof: refuses an address that was proven to another organisation', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const foreign = proofOf(BOB, { organisationId: 'other' })
    expect(await openHere(here, message, [foreign])).toBe('sign-in-required')
  })

  it('refuses a proof that is too weak', async () => {
    const here = await installation()
    const message = await sealHere(here, { assurance: 'mfa' })
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('assurance-too-low')
    const strong = proofOf(BOB, { method: 'account', assurance: 'mfa' })
    expect(await openHere(here, message, [strong])).toBe(TEXT)
  })

  it('refuses an expired message to the millisecond', async () => {
    const here = await installation()
    const message = await sealHere(here)
    here.clockMs = NOW_MS + 10 * DAY_MS - 1
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    here.clockMs += 1
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('expired')
  })

  it('refuses a revoked message at once', async () => {
    const here = await installation()
    const message = await sealHere(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    await here.store.overrides.put(override(message, { revoked: true }))
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('revoked')
  })

  it('revokes for one recipient and leaves the others alone', async () => {
    const here = await installation()
    const message = await sealHere(here)
    await here.store.overrides.put(override(message, { revoked: true, recipient: BOB }))
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('revoked')
    expect(await openHere(here, message, [proofOf(CAROL)])).toBe(TEXT)
    const decided = await overridesOf(here.store.overrides, message.policy)
    expect(effectiveExpiry(message.policy, decided, BOB)).toBe(message.policy.expiresAtMs)
  })

  it('takes a changed expiry for one recipient', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const changed = { recipient: BOB, changesExpiry: true, expiresAtMs: NOW_MS + 1 }
    await here.store.overrides.put(override(message, changed))
    here.clockMs = NOW_MS + 1
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('expired')
    expect(await openHere(here, message, [proofOf(CAROL)])).toBe(TEXT)
  })

  it("heeds no override of another organisation's", async () => {
    const here = await installation()
    const message = await sealHere(here)
    await here.store.overrides.put(override(message, { revoked: true, organisationId: 'other' }))
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
  })

  it('refuses a key that this installation does not have', async () => {
    const [here, elsewhere] = [await installation(), await installation({ own: true })]
    const message = await sealHere(elsewhere)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('unknown-key')
  })

  it('refuses a stanza that names a key of another kind', async () => {
    const here = await installation()
    const signing = (await here.store.organisationKeys.list('example', 'signing'))[0]
    const stanza = formatStanza({ keyId: signing?.id ?? '', body: randomBytes(2000) })
    expect(await here.portal.openStanza(stanza)).toEqual({ ok: false, code: 'unknown-key' })
  })
})

describe('threat: PostGuard: metadata re-signed, sender shown before verified', () => {
  it('refuses a record that was signed anew by a key that is not the organisation’s', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const { key, record } = await recordOf(here, message)
    const { privateKey } = generateSigningKeyPair()
    const forged = encodeRecord(record, ed25519Signer(privateKey))
    const stanza = formatStanza(await sealStanza(nodeHpke, key, forged))
    expect(await here.portal.openStanza(stanza)).toEqual({ ok: false, code: 'bad-envelope' })
  })

  it('refuses a record whose policy was changed under the genuine signature', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const { key, padded, record } = await recordOf(here, message)
    const signature = padded.slice(0, 64)
    expect(encodeRecord(record, () => signature)).toEqual(Uint8Array.from(padded))
    const recipients = [{ address: MALLORY, listed: true }]
    const policy = { ...record.policy, recipients }
    const changed = encodeRecord({ ...record, policy }, () => signature)
    const stanza = formatStanza(await sealStanza(nodeHpke, key, changed))
    expect(await here.portal.openStanza(stanza)).toEqual({ ok: false, code: 'bad-envelope' })
  })
})

describe('threat: foreign organisation', () => {
  it.each(['example', 'other'])(
    'refuses the sealing key of one with the signing key of another (policy of %s)',
    async organisationId => {
      const here = await installation()
      const mine = await here.gateway.materialFor('example', null, NOW_MS)
      const theirs = await here.gateway.materialFor('other', null, NOW_MS)
      const mixed = {
        ...theirs,
        organisationId,
        sealingKeyId: mine.sealingKeyId,
        sealingPublicKey: mine.sealingPublicKey,
      }
      const message = await seal(
        policyFor({ organisationId, replyRecipient: theirs.replyRecipient }),
        mixed,
      )
      expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
    },
  )

  it('refuses an organisation id that is not the one of both keys', async () => {
    const here = await installation()
    const mine = await here.gateway.materialFor('example', null, NOW_MS)
    const policy = policyFor({ organisationId: 'other', replyRecipient: mine.replyRecipient })
    const message = await seal(policy, { ...mine, organisationId: 'other' })
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
  })

  it("refuses a sender of another organisation's domain", async () => {
    const here = await installation()
    for (const sender of ['ceo@other.test', 'ceo@stranger.test', 'ceo@sub.example.com']) {
      const message = await sealHere(here, { sender: address(sender) })
      expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
    }
    const organisationId = 'other'
    for (const [sender, shown] of [
      ['alice@example.com', 'bad-envelope'],
      ['ceo@other.test', TEXT],
    ] as const) {
      const message = await sealHere(here, { organisationId, sender: address(sender) })
      expect(await openHere(here, message, [proofOf(BOB, { organisationId })])).toBe(shown)
    }
  })
})

describe('rotation', () => {
  it('leaves unexpired mail readable', async () => {
    const here = await installation()
    const before = await sealHere(here)
    await here.portal.rotate('example', NOW_MS)
    await here.gateway.rotate('example', NOW_MS)
    const after = await sealHere(here)
    expect(after.stanza).not.toContain(parseStanza(before.stanza)?.keyId)
    expect(await openHere(here, before, [proofOf(BOB)])).toBe(TEXT)
    expect(await openHere(here, after, [proofOf(BOB)])).toBe(TEXT)
  })
})

describe('expired mail: its keys are destroyed, and nobody can open it', () => {
  const END = Date.UTC(2026, 11, 1) + 32 * DAY_MS

  it('destroys a key only after the last message of its class has expired', async () => {
    const here = await installation()
    const message = await sealHere(here, { expiresAtMs: NOW_MS + 31 * DAY_MS })
    const keyId = parseStanza(message.stanza)?.keyId
    expect(await destroyAt(here.portal, NOW_MS + 31 * DAY_MS)).not.toContain(keyId)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    expect(await destroyAt(here.portal, END - 1)).not.toContain(keyId)
    expect(await destroyAt(here.portal, END)).toContain(keyId)
  })

  it('answers that it has expired, also when the clock is turned back', async () => {
    const here = await installation()
    const message = await sealHere(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    await destroyAt(here.portal, END)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('expired')
    const extended = { changesExpiry: true, expiresAtMs: null }
    await here.store.overrides.put(override(message, extended))
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('expired')
  })

  it('leaves no trace of the key in any file of the database', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const key = await here.store.organisationKeys.find(parseStanza(message.stanza)?.keyId ?? '')
    const wrapped = Buffer.from(key?.wrappedPrivateKey ?? [])
    const everything = async () => {
      const names = await readdir(here.folder)
      return Buffer.concat(await Promise.all(names.map(name => readFile(join(here.folder, name)))))
    }
    expect(wrapped.length).toBeGreaterThan(32)
    expect((await everything()).includes(wrapped)).toBe(true)
    await destroyAt(here.portal, END)
    expect((await everything()).includes(wrapped)).toBe(false)
    expect((await everything()).includes(wrapped.subarray(0, 24))).toBe(false)
  })

  it('refuses a key whose time is over also before it is destroyed', async () => {
    const here = await installation()
    const message = await sealHere(here)
    // A record that a faulty gateway sealed with a key of this month's class although it never expires.
    const material = await here.gateway.materialFor('example', message.policy.expiresAtMs, NOW_MS)
    const { replyRecipient } = material
    const endless = await seal(policyFor({ expiresAtMs: null, replyRecipient }), material)
    expect(await openHere(here, endless, [proofOf(BOB)])).toBe(TEXT)
    here.clockMs = END
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('expired')
    expect(await openHere(here, endless, [proofOf(BOB)])).toBe('expired')
  })
})
