import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifySignature } from '../../../src/browser/viewer/verify-signature.ts'
import { chunkCipher } from '../../../src/browser/viewer/chunk-cipher.ts'
import { parseHeader } from '../../../src/core/envelope/age-header.ts'
import { openAgeFileWeb } from '../../../src/core/envelope/open-web.ts'
import { createOrganisation, fileKeyOf, sealWhole } from '../../support/sealed-message.ts'

const organisation = createOrganisation()
const sealed = await sealWhole(organisation, Buffer.from('Hello'))
const key = organisation.signing.publicKey

/** A browser whose Web Crypto lacks an algorithm. */
function without(name: string): void {
  const { subtle } = crypto
  const importKey = subtle.importKey.bind(subtle)
  vi.spyOn(subtle, 'importKey').mockImplementation(((...options: Parameters<typeof importKey>) =>
    options[2] === name
      ? Promise.reject(new DOMException('unknown', 'NotSupportedError'))
      : importKey(...options)) as typeof importKey)
}
afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(['with Ed25519 in Web Crypto', 'without it'])('verifySignature, %s', kind => {
  const prepare = (): void => {
    if (kind === 'without it') without('Ed25519')
  }

  it('holds for the organisation that signed', async () => {
    prepare()
    expect(await verifySignature(sealed.ageFile, sealed.signature, key)).toBe(true)
  })

  it('does not hold for anything else', async () => {
    prepare()
    const other = createOrganisation().signing.publicKey
    const changed = Uint8Array.from(sealed.ageFile)
    changed[200] = (changed[200] ?? 0) ^ 1
    expect(await verifySignature(changed, sealed.signature, key)).toBe(false)
    expect(await verifySignature(sealed.ageFile, sealed.signature, other)).toBe(false)
    expect(await verifySignature(sealed.ageFile, sealed.signature, new Uint8Array(32))).toBe(false)
    expect(await verifySignature(sealed.ageFile, new Uint8Array(64), key)).toBe(false)
    expect(await verifySignature(sealed.ageFile, new Uint8Array(3), key)).toBe(false)
  })
})

describe.each(['with ChaCha20-Poly1305 in Web Crypto', 'without it'])('chunkCipher, %s', kind => {
  it('opens what the gateway sealed', async () => {
    if (kind === 'without it') without('ChaCha20-Poly1305')
    const fileKey = await fileKeyOf(organisation, sealed)
    const header = parseHeader(sealed.ageFile)
    const opened = await openAgeFileWeb(sealed.ageFile, header, fileKey, chunkCipher)
    expect(Buffer.from(opened).toString()).toBe('Hello')
  })
})
