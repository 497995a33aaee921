import { randomBytes } from 'node:crypto'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { verifyFileSignature } from '../../../src/core/envelope/file-signature.ts'
import { openAgeFile, readAgeHeader } from '../../../src/core/envelope/open.ts'
import { startSealing } from '../../../src/core/envelope/seal.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import { CHUNK_BYTES } from '../../../src/core/envelope/stream.ts'
import { generateReplyKeyPair } from '../../../src/server/crypto/age-keys.ts'
import { nodeSealingCrypto } from '../../../src/server/crypto/node-sealing-crypto.ts'
import {
  createOrganisation,
  createPolicy,
  fileKeyOf,
  openRecord,
  openWhole,
  sealWhole,
} from '../../support/sealed-message.ts'

const organisation = createOrganisation()
const other = createOrganisation()

const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run()
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
  return 'none'
}

describe('seal and open', () => {
  it('gives any bytes back, pushed in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 5000 }),
        fc.integer({ min: 1, max: 6000 }),
        async (plain, pieceBytes) => {
          const envelope = await sealWhole(organisation, plain, { pieceBytes })
          expect(await openWhole(organisation, envelope)).toEqual(plain)
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 1_000_000])(
    'gives %i bytes back',
    async length => {
      const plain = new Uint8Array(randomBytes(length))
      const envelope = await sealWhole(organisation, plain)
      expect(Buffer.compare(await openWhole(organisation, envelope), plain)).toBe(0)
      expect(
        await verifyFileSignature(
          envelope.ageFile,
          envelope.signature,
          organisation.signing.publicKey,
        ),
      ).toBe(true)
    },
  )

  it('tells the portal the policy and nothing of the content', async () => {
    const policy = createPolicy({ senderName: 'Zoë' })
    const { ageFile } = await sealWhole(organisation, Buffer.from('Subject: secret'), { policy })
    const record = await openRecord(organisation, readAgeHeader(ageFile).stanzaText)
    expect(record.policy).toEqual(policy)
    expect(JSON.stringify(record)).not.toContain('secret')
  })

  it('does not open with either share alone, nor with a wrong one', async () => {
    const { ageFile, envelopeShare } = await sealWhole(organisation, Buffer.from('secret'))
    const { portalShare } = await openRecord(organisation, readAgeHeader(ageFile).stanzaText)
    const zeros = new Uint8Array(16)
    for (const key of [
      envelopeShare,
      portalShare,
      zeros,
      joinShares(portalShare, new Uint8Array(randomBytes(16))),
      joinShares(envelopeShare, new Uint8Array(randomBytes(16))),
    ])
      expect(await codeOf(() => openAgeFile(ageFile, key))).toBe('wrong-key')
  })

  it('draws new shares and a new file key every time', async () => {
    const envelopes = await Promise.all(
      [1, 2, 3].map(() => sealWhole(organisation, new Uint8Array(0))),
    )
    const keys = await Promise.all(envelopes.map(envelope => fileKeyOf(organisation, envelope)))
    const hex = [...keys, ...envelopes.map(({ envelopeShare }) => envelopeShare)].map(bytes =>
      Buffer.from(bytes).toString('hex'),
    )
    expect(new Set(hex).size).toBe(6)
  })

  it('refuses one flipped bit anywhere in the file', async () => {
    const { ageFile, signature, envelopeShare } = await sealWhole(
      organisation,
      Buffer.from('hello, world'),
    )
    const key = await fileKeyOf(organisation, { ageFile, envelopeShare })
    const headerLength = readAgeHeader(ageFile).length
    const step = 7
    for (let bit = 0; bit < ageFile.length * 8; bit += bit < headerLength * 8 ? step : 1) {
      const altered = Uint8Array.from(ageFile)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => openAgeFile(altered, key)).toThrow(EnvelopeError)
    }
    const altered = Uint8Array.from(ageFile)
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
    expect(await verifyFileSignature(altered, signature, organisation.signing.publicKey)).toBe(
      false,
    )
  })

  it('refuses a file that ends early, at any byte', async () => {
    const { ageFile, envelopeShare } = await sealWhole(organisation, Buffer.from('hello, world'))
    const key = await fileKeyOf(organisation, { ageFile, envelopeShare })
    for (let length = 0; length < ageFile.length; length++)
      expect(() => openAgeFile(ageFile.subarray(0, length), key)).toThrow(EnvelopeError)
  })

  it('refuses a file with bytes behind it', async () => {
    const { ageFile, envelopeShare } = await sealWhole(organisation, Buffer.from('hello, world'))
    const key = await fileKeyOf(organisation, { ageFile, envelopeShare })
    expect(await codeOf(() => openAgeFile(Buffer.concat([ageFile, Buffer.alloc(1)]), key))).toBe(
      'altered-content',
    )
  })

  it('refuses to seal for another organisation than the policy names', async () => {
    const policy = createPolicy({ organisationId: 'other' })
    expect(await codeOf(() => sealWhole(organisation, new Uint8Array(0), { policy }))).toBe(
      'bad-record',
    )
  })

  it('does not open with the sealing key of another organisation', async () => {
    const { ageFile } = await sealWhole(organisation, new Uint8Array(0))
    const { stanzaText } = readAgeHeader(ageFile)
    expect(await codeOf(() => openRecord(other, stanzaText))).toBe('cannot-unwrap')
  })

  it('does not open when the key id of the stanza is replaced', async () => {
    const { ageFile } = await sealWhole(organisation, new Uint8Array(0))
    const { stanzaText } = readAgeHeader(ageFile)
    const moved = stanzaText.replace(organisation.material.sealingKeyId, 'A'.repeat(22))
    expect(await codeOf(() => openRecord(organisation, moved))).toBe('cannot-unwrap')
  })
})

describe('escrow', () => {
  it('opens with a post-quantum identity through age-encryption', async () => {
    const escrow = generateReplyKeyPair()
    const plain = new Uint8Array(randomBytes(100_000))
    const { ageFile } = await sealWhole(createOrganisation('example', [escrow.recipient]), plain)
    const decrypter = new Decrypter()
    decrypter.addIdentity(escrow.identity)
    expect(Buffer.compare(await decrypter.decrypt(ageFile), plain)).toBe(0)
  })

  it('opens with a classical identity, expressly allowed', async () => {
    const identity = await generateIdentity()
    const recipient = await identityToRecipient(identity)
    const { ageFile } = await sealWhole(
      createOrganisation('example', [recipient]),
      Buffer.from('x'),
    )
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    expect(Buffer.from(await decrypter.decrypt(ageFile)).toString()).toBe('x')
  })

  it('refuses a classical recipient that is not expressly allowed', async () => {
    const recipient = await identityToRecipient(await generateIdentity())
    const { material } = createOrganisation('example', [recipient])
    const request = { policy: createPolicy(), crypto: nodeSealingCrypto }
    const sealing = startSealing({
      ...request,
      material: { ...material, allowClassicalEscrow: false },
    })
    await expect(sealing).rejects.toThrow('classical-escrow')
  })

  it.each([
    '',
    'age1',
    'age1pq1',
    'age1qqqq',
    'AGE-SECRET-KEY-1ABC',
    'ssh-ed25519 AAAA',
    'x'.repeat(10_000),
  ])('refuses the recipient %j', async recipient => {
    const { material } = createOrganisation()
    const broken = { ...material, escrowRecipients: [recipient], allowClassicalEscrow: true }
    const sealing = startSealing({
      policy: createPolicy(),
      material: broken,
      crypto: nodeSealingCrypto,
    })
    await expect(sealing).rejects.toThrow('bad-recipient')
  })

  it('opens through age-encryption with an identity that joins the two shares', async () => {
    const { ageFile, envelopeShare } = await sealWhole(organisation, Buffer.from('hello'))
    const { portalShare } = await openRecord(organisation, readAgeHeader(ageFile).stanzaText)
    const decrypter = new Decrypter()
    decrypter.addIdentity({ unwrapFileKey: () => joinShares(portalShare, envelopeShare) })
    expect(Buffer.from(await decrypter.decrypt(ageFile)).toString()).toBe('hello')
  })
})
