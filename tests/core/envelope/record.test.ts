import { describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { encodeRecord, readRecord } from '../../../src/core/envelope/record.ts'
import type { SealedRecord } from '../../../src/core/envelope/record.ts'
import { ed25519Signer, ed25519Verifier } from '../../../src/server/crypto/ed25519.ts'
import { address, createOrganisation, createPolicy } from '../../support/sealed-message.ts'

const organisation = createOrganisation()
const verify = ed25519Verifier(organisation.signing.publicKey)
const sign = ed25519Signer(organisation.signing.privateKey)

const recordFor = (recipients: number): SealedRecord => ({
  version: 1,
  signingKeyId: organisation.material.signingKeyId,
  portalShare: Uint8Array.from({ length: 16 }, (_, i) => i),
  policy: createPolicy({
    recipients: Array.from({ length: recipients }, (_, i) => ({
      address: address(`recipient-${i}@some-department.example`),
      listed: i % 2 === 0,
    })),
  }),
})

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
  return 'none'
}

/** A record signed by the organisation around any JSON text. */
const signedJson = (json: string): Uint8Array => {
  const bytes = Buffer.from(json)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  const padded = Buffer.alloc(1024)
  const signed = Buffer.concat([Buffer.from('zegel.v1 record\0'), length, bytes])
  Buffer.concat([sign(signed), length, bytes]).copy(padded)
  return padded
}

const json = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    version: 1,
    signingKeyId: organisation.material.signingKeyId,
    portalShare: 'AAAAAAAAAAAAAAAAAAAAAA',
    policy: createPolicy(),
    ...changes,
  })

describe('sealed record', () => {
  it('comes back as it was written', () => {
    const record = recordFor(3)
    const read = readRecord(encodeRecord(record, sign))
    expect(read.signingKeyId).toBe(record.signingKeyId)
    expect(read.verify(verify)).toEqual(record)
  })

  it.each([
    [1, 1024],
    [2, 1024],
    [20, 4096],
    [40, 4096],
    [100, 16_384],
    [200, 16_384],
    [700, 65_536],
  ])('with %i recipients has %i bytes', (recipients, bytes) => {
    expect(encodeRecord(recordFor(recipients), sign)).toHaveLength(bytes)
  })

  it('refuses more recipients than 64 KiB hold', () => {
    expect(codeOf(() => encodeRecord(recordFor(1500), sign))).toBe('too-large')
  })

  it('refuses every flipped bit', () => {
    const padded = encodeRecord(recordFor(1), sign)
    for (let bit = 0; bit < padded.length * 8; bit++) {
      const altered = Uint8Array.from(padded)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(['bad-record', 'bad-signature']).toContain(
        codeOf(() => readRecord(altered).verify(verify)),
      )
    }
  })

  it('refuses the signature of another key', () => {
    const other = createOrganisation()
    const padded = encodeRecord(recordFor(1), ed25519Signer(other.signing.privateKey))
    expect(codeOf(() => readRecord(padded).verify(verify))).toBe('bad-signature')
  })

  it.each([0, 1, 68, 1023, 1025, 2048, 8192, 65_537])('refuses a record of %i bytes', length => {
    expect(codeOf(() => readRecord(new Uint8Array(length)))).toBe('bad-record')
  })

  it('refuses a record that is padded more than needed, so that nothing hides in the padding', () => {
    const padded = new Uint8Array(4096)
    padded.set(encodeRecord(recordFor(1), sign))
    expect(codeOf(() => readRecord(padded))).toBe('bad-record')
  })

  it('verifies before it parses: a bad policy under a bad signature is a bad signature', () => {
    const altered = signedJson(json({ policy: {} }))
    altered[0] = (altered[0] ?? 0) ^ 1
    expect(codeOf(() => readRecord(altered).verify(verify))).toBe('bad-signature')
  })

  it.each([
    ['a later version', json({ version: 2 }), 'unknown-version'],
    ['an unknown field', json({ subject: 'x' }), 'bad-record'],
    ['an unknown field of the policy', json({ policy: { ...createPolicy(), x: 1 } }), 'bad-record'],
    ['a short share', json({ portalShare: 'AAAA' }), 'bad-record'],
    ['no share', json({ portalShare: undefined }), 'bad-record'],
    ['no JSON', '{', 'bad-record'],
    ['another type', '[]', 'bad-record'],
    ['nothing', 'null', 'bad-record'],
    ['a number', '7', 'bad-record'],
    ['a key id that is none', json({ signingKeyId: 'x' }), 'bad-record'],
  ])('refuses %s under a good signature', (_, text, expected) => {
    expect(codeOf(() => readRecord(signedJson(text)).verify(verify))).toBe(expected)
  })

  it('accepts the well-formed one that these differ from', () => {
    expect(codeOf(() => readRecord(signedJson(json())).verify(verify))).toBe('none')
  })
})

describe('threat: the length of a record tells how many recipients there are', () => {
  it('is the same for one recipient as for twelve', () => {
    const lengths = [1, 2, 5, 8, 12].map(recipients => {
      const record = recordFor(recipients)
      const policy = { ...record.policy, replyRecipient: organisation.reply.recipient }
      return encodeRecord({ ...record, policy }, sign).length
    })
    expect(new Set(lengths)).toEqual(new Set([4096]))
  })
})
