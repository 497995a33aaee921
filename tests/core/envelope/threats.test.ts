// Rows of the threat table that the envelope itself answers.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  formatAgeStanza,
  formatHeader,
  parseHeader,
} from '../../../src/core/envelope/age-header.ts'
import { verifyFileSignature } from '../../../src/core/envelope/file-signature.ts'
import { openAgeFile, readAgeHeader } from '../../../src/core/envelope/open.ts'
import { CHUNK_BYTES, StreamSealer } from '../../../src/core/envelope/stream.ts'
import {
  chunkSealer,
  hkdfSha256,
  hmacSha256,
} from '../../../src/server/crypto/native-primitives.ts'
import {
  createOrganisation,
  fileKeyOf,
  openRecord,
  openWhole,
  sealWhole,
} from '../../support/sealed-message.ts'
import type { TestEnvelope } from '../../support/sealed-message.ts'

const organisation = createOrganisation()

/** What one recipient, who knows the file key, can make: other text under the genuine header. */
async function forge(envelope: TestEnvelope, text: Uint8Array): Promise<Uint8Array> {
  const fileKey = await fileKeyOf(organisation, envelope)
  const header = envelope.ageFile.subarray(0, parseHeader(envelope.ageFile).length)
  const nonce = randomBytes(16)
  const parts: Uint8Array[] = []
  const stream = new StreamSealer(chunkSealer(hkdfSha256(fileKey, nonce, 'payload', 32)))
  stream.push(text, part => parts.push(part))
  return new Uint8Array(Buffer.concat([header, nonce, ...parts, ...stream.finish()]))
}

describe('threat: OME used ECB; patterns of plaintext visible', () => {
  it('two sealings of the same mail share no 16-byte block of ciphertext', async () => {
    const mail = Buffer.alloc(3 * CHUNK_BYTES, 'the same line again\r\n')
    const blocks = new Set<string>()
    let count = 0
    for (let i = 0; i < 2; i++) {
      const { ageFile } = await sealWhole(organisation, mail)
      const payload = Buffer.from(ageFile.subarray(readAgeHeader(ageFile).length))
      for (let at = 0; at + 16 <= payload.length; at += 16, count++)
        blocks.add(payload.toString('latin1', at, at + 16))
    }
    expect(blocks.size).toBe(count)
  })

  it('two sealings of the same record share no 16-byte block of their stanza', async () => {
    const bodies = await Promise.all(
      [1, 2].map(async () => {
        const { ageFile } = await sealWhole(organisation, new Uint8Array(0))
        const body = readAgeHeader(ageFile).stanzas[0]?.body ?? new Uint8Array(0)
        return Array.from({ length: Math.floor(body.length / 16) }, (_, i) =>
          Buffer.from(body).toString('hex', i * 16, i * 16 + 16),
        )
      }),
    )
    const all = bodies.flat()
    expect(all.length).toBeGreaterThan(100)
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('threat: a recipient re-encrypts other text under the genuine header', () => {
  it('decrypts, and is caught by the file signature alone', async () => {
    const genuine = await sealWhole(organisation, Buffer.from('pay 10 euros'))
    const forged = await forge(genuine, Buffer.from('pay 10,000 euros'))
    const fileKey = await fileKeyOf(organisation, genuine)
    expect(Buffer.from(openAgeFile(forged, fileKey)).toString()).toBe('pay 10,000 euros')
    const { publicKey } = organisation.signing
    expect(await verifyFileSignature(forged, genuine.signature, publicKey)).toBe(false)
    expect(await verifyFileSignature(genuine.ageFile, genuine.signature, publicKey)).toBe(true)
  })

  it('is caught too when the genuine ciphertext gets another escrow stanza', async () => {
    const genuine = await sealWhole(organisation, Buffer.from('hello'))
    const fileKey = await fileKeyOf(organisation, genuine)
    const header = parseHeader(genuine.ageFile)
    const extra = formatAgeStanza({ args: ['X25519', 'share'], body: new Uint8Array(32) })
    const macKey = hkdfSha256(fileKey, new Uint8Array(0), 'header', 32)
    const changed = Buffer.concat([
      formatHeader([...header.stanzaTexts, extra], input => hmacSha256(macKey, input)),
      genuine.ageFile.subarray(header.length),
    ])
    expect(Buffer.from(openAgeFile(changed, fileKey)).toString()).toBe('hello')
    expect(
      await verifyFileSignature(changed, genuine.signature, organisation.signing.publicKey),
    ).toBe(false)
  })
})

describe('threat: PostGuard: metadata re-signed, sender shown before verified', () => {
  it('a stanza moved to another message of the same organisation does not open it', async () => {
    const a = await sealWhole(organisation, Buffer.from('first'))
    const b = await sealWhole(organisation, Buffer.from('second'))
    const swapped = Buffer.concat([
      a.ageFile.subarray(0, parseHeader(a.ageFile).length),
      b.ageFile.subarray(parseHeader(b.ageFile).length),
    ])
    for (const { envelopeShare } of [a, b])
      await expect(openWhole(organisation, { ageFile: swapped, envelopeShare })).rejects.toThrow(
        /altered-content|wrong-key/,
      )
  })

  it('a signature moved to another message of the same organisation does not verify', async () => {
    const a = await sealWhole(organisation, Buffer.from('first'))
    const b = await sealWhole(organisation, Buffer.from('second'))
    const { publicKey } = organisation.signing
    expect(await verifyFileSignature(a.ageFile, b.signature, publicKey)).toBe(false)
    expect(await verifyFileSignature(b.ageFile, a.signature, publicKey)).toBe(false)
  })

  it('a signature of another organisation does not verify', async () => {
    const other = createOrganisation('other')
    const { ageFile, signature } = await sealWhole(other, Buffer.from('x'))
    expect(await verifyFileSignature(ageFile, signature, organisation.signing.publicKey)).toBe(
      false,
    )
    expect(await verifyFileSignature(ageFile, signature, other.signing.publicKey)).toBe(true)
  })

  it('a record signature is no file signature: the two are over different words', async () => {
    const { ageFile } = await sealWhole(organisation, Buffer.from('x'))
    const record = await openRecord(organisation, readAgeHeader(ageFile).stanzaText)
    const signature = organisation.material.sign(Buffer.from(JSON.stringify(record)))
    expect(await verifyFileSignature(ageFile, signature, organisation.signing.publicKey)).toBe(
      false,
    )
  })

  it.each([
    [63, 32],
    [65, 32],
    [64, 31],
    [64, 33],
    [0, 0],
  ])('a signature of %i bytes with a key of %i is refused', async (signature, key) => {
    expect(
      await verifyFileSignature(new Uint8Array(1), new Uint8Array(signature), new Uint8Array(key)),
    ).toBe(false)
  })

  it('a key that is no point of the curve is refused, not an error', async () => {
    const bad = new Uint8Array(32).fill(255)
    expect(await verifyFileSignature(new Uint8Array(1), new Uint8Array(64), bad)).toBe(false)
  })
})

describe('threat: expired mail opened with a key that is kept elsewhere', () => {
  it('a stanza does not open once its sealing key is another', async () => {
    const { ageFile } = await sealWhole(organisation, Buffer.from('x'))
    const next = { ...organisation, sealing: createOrganisation().sealing }
    await expect(openRecord(next, readAgeHeader(ageFile).stanzaText)).rejects.toThrow(
      'cannot-unwrap',
    )
  })
})
