import { beforeAll, describe, expect, it } from 'vitest'
import { parseHeader } from '../../../src/core/envelope/age-header.ts'
import { openLetter } from '../../../src/browser/viewer/open-letter.ts'
import type { OpenLetterAnswer } from '../../../src/browser/viewer/open-letter.ts'
import { createOrganisation, fileKeyOf, sealWhole } from '../../support/sealed-message.ts'
import type { TestEnvelope } from '../../support/sealed-message.ts'

const mail = Buffer.from(`From: alice@example.com\r\n\r\n${'Hello. '.repeat(20_000)}`)
const organisation = createOrganisation()
let sealed: TestEnvelope
let fileKey: Uint8Array
beforeAll(async () => {
  sealed = await sealWhole(organisation, mail)
  fileKey = await fileKeyOf(organisation, sealed)
})

const open = (changes: Partial<TestEnvelope> & { fileKey?: Uint8Array; key?: Uint8Array } = {}) => {
  const { ageFile, signature } = { ...sealed, ...changes }
  return openLetter(
    {
      ageFile: new Blob([Uint8Array.from(ageFile)]),
      header: parseHeader(ageFile),
      signature,
      fileKey: changes.fileKey ?? fileKey,
      signingKey: changes.key ?? organisation.signing.publicKey,
    },
    () => undefined,
  )
}
const refused = (code: string): OpenLetterAnswer => ({ ok: false, code }) as OpenLetterAnswer

describe('openLetter', () => {
  it('gives the original mail, byte for byte', async () => {
    const opened = await open()
    expect(opened.ok && Buffer.from(opened.mail).equals(mail)).toBe(true)
  })

  it('refuses a wrong share', async () => {
    expect(await open({ fileKey: new Uint8Array(16) })).toEqual(refused('wrong-key'))
  })

  it('refuses a file that was changed, before it decrypts it', async () => {
    const ageFile = Uint8Array.from(sealed.ageFile)
    ageFile[ageFile.length - 1] = (ageFile.at(-1) ?? 0) ^ 1
    expect(await open({ ageFile })).toEqual(refused('bad-signature'))
  })
})

describe('threat: a recipient re-encrypts other text under the genuine header', () => {
  it('is refused: only the organisation signs files', async () => {
    const forged = await sealWhole(createOrganisation(), Buffer.from('Pay to my account'))
    expect(await open({ ...forged, fileKey })).toEqual(refused('bad-signature'))
    expect(await open({ ...forged, signature: sealed.signature })).toEqual(refused('bad-signature'))
  })
})

describe('threat: PostGuard: metadata re-signed, sender shown before verified', () => {
  it('is refused with another key, another length, no key at all', async () => {
    const other = createOrganisation().signing.publicKey
    for (const key of [other, new Uint8Array(32), new Uint8Array(0), new Uint8Array(31)])
      expect(await open({ key })).toEqual(refused('bad-signature'))
    for (const signature of [new Uint8Array(64), new Uint8Array(0)])
      expect(await open({ signature })).toEqual(refused('bad-signature'))
  })
})
