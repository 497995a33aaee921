import { randomBytes } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseHeader } from '../../../src/core/envelope/age-header.ts'
import type { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { openAgeFile } from '../../../src/core/envelope/open.ts'
import { openAgeFileWeb } from '../../../src/core/envelope/open-web.ts'
import type { ChunkCipher } from '../../../src/core/envelope/open-web.ts'
import { createOrganisation, fileKeyOf, sealWhole } from '../../support/sealed-message.ts'

const noble: ChunkCipher = key =>
  Promise.resolve((nonce, chunk) => chacha20poly1305(key, nonce).decrypt(chunk))

/** As a page does it: the header read by whoever took the file in. */
const openWeb = async (
  bytes: Uint8Array,
  ...more: Parameters<typeof openAgeFileWeb> extends [unknown, unknown, ...infer R] ? R : never
): Promise<Uint8Array> => openAgeFileWeb(bytes, parseHeader(bytes), ...more)

const organisation = createOrganisation()
let ageFile: Uint8Array
let fileKey: Uint8Array
beforeAll(async () => {
  const sealed = await sealWhole(organisation, randomBytes(150_000))
  ageFile = sealed.ageFile
  fileKey = await fileKeyOf(organisation, sealed)
})

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'opened',
    (error: unknown) => (error as EnvelopeError).code,
  )

describe('openAgeFileWeb', () => {
  it('gives the bytes that openAgeFile gives', async () => {
    const opened = await openWeb(ageFile, fileKey, noble)
    expect(Buffer.compare(opened, openAgeFile(ageFile, fileKey))).toBe(0)
    expect(opened).toHaveLength(150_000)
  })

  it('tells progress up to the end', async () => {
    const told: number[] = []
    await openWeb(ageFile, fileKey, noble, (done, total) => told.push(done / total))
    expect(told).toHaveLength(3)
    expect(told.at(-1)).toBe(1)
  })

  it('refuses the genuine header of another file', async () => {
    const other = await sealWhole(organisation, randomBytes(10))
    const header = parseHeader(other.ageFile)
    const otherKey = await fileKeyOf(organisation, other)
    expect(await codeOf(openAgeFileWeb(ageFile, header, otherKey, noble))).toBe('altered-content')
  })

  it('refuses a file whose header was altered since it was read', async () => {
    const header = parseHeader(ageFile)
    for (const at of [0, header.macInput.length >> 1, header.macInput.length - 1]) {
      const altered = Uint8Array.from(ageFile)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(await codeOf(openAgeFileWeb(altered, header, fileKey, noble))).toBe('altered-content')
    }
  })

  it('refuses a wrong key', async () => {
    expect(
      await codeOf(
        openWeb(
          ageFile,
          fileKey.map(byte => byte ^ 1),
          noble,
        ),
      ),
    ).toBe('wrong-key')
  })

  it('refuses one flipped bit anywhere, as openAgeFile does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(ageFile.length - 1), fc.nat(7), async (at, bit) => {
        const altered = Uint8Array.from(ageFile)
        altered[at] = (altered[at] ?? 0) ^ (1 << bit)
        let expected: unknown = 'opened'
        try {
          openAgeFile(altered, fileKey)
        } catch (error) {
          expected = (error as EnvelopeError).code
        }
        expect(expected).not.toBe('opened')
        expect(await codeOf(openWeb(altered, fileKey, noble))).toBe(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses a file that ends early or late', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(ageFile.length - 1), async length => {
        const cut = ageFile.subarray(0, length)
        expect(await codeOf(openWeb(cut, fileKey, noble))).not.toBe('opened')
      }),
      { numRuns: 60 },
    )
    const longer = Buffer.concat([ageFile, Buffer.alloc(1)])
    expect(await codeOf(openWeb(longer, fileKey, noble))).toBe('altered-content')
  })
})
