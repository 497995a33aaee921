// The community's vectors for the age format (package cctv-age): every one that concerns what Zegel
// reads, and for each that does not, why.
import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { Decrypter } from 'age-encryption'
import * as cctv from 'cctv-age'
import { describe, expect, it } from 'vitest'
import { formatHeader, parseHeader } from '../../../src/core/envelope/age-header.ts'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { checkHeaderMac, openAgeFile, readAgeHeader } from '../../../src/core/envelope/open.ts'
import { openAgeFileWeb } from '../../../src/core/envelope/open-web.ts'

interface Vector {
  readonly name: string
  readonly expected: string
  /** Zeros where the vector has none. */
  readonly fileKey: Uint8Array
  readonly hasFileKey: boolean
  readonly identities: readonly string[]
  readonly payloadHash: string
  readonly kind: 'plain' | 'armored' | 'passphrase'
  readonly file: Uint8Array
}

function readVector(name: string, bytes: Uint8Array): Vector {
  const end = Buffer.from(bytes).indexOf('\n\n')
  const lines = Buffer.from(bytes.subarray(0, end)).toString().split('\n')
  const all = (key: string): string[] =>
    lines.filter(line => line.startsWith(`${key}: `)).map(line => line.slice(key.length + 2))
  const body = bytes.subarray(end + 2)
  const fileKey = all('file key')[0]
  return {
    name,
    expected: all('expect')[0] ?? '',
    fileKey: new Uint8Array(Buffer.from(fileKey ?? '00'.repeat(16), 'hex')),
    hasFileKey: fileKey !== undefined,
    identities: all('identity'),
    payloadHash: all('payload')[0] ?? '',
    kind:
      all('armored').length > 0 ? 'armored' : all('passphrase').length > 0 ? 'passphrase' : 'plain',
    file: new Uint8Array(all('compressed').length > 0 ? inflateSync(body) : body),
  }
}

const vectors = Object.entries(cctv as unknown as Record<string, Uint8Array>)
  .filter(([, bytes]) => bytes instanceof Uint8Array)
  .map(([name, bytes]) => readVector(name, bytes))
const withKind = (kind: Vector['kind'], ...expected: string[]): Vector[] =>
  vectors.filter(vector => vector.kind === kind && expected.includes(vector.expected))

/** What is wrong lies inside a recipient's stanza: the header itself is well-formed. */
const inStanza = /^(hybrid|x25519)_(?!not_canonical_body)/
const headerFailures = withKind('plain', 'header failure')

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
  return 'none'
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('CCTV age vectors', () => {
  it('are all there', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(130)
  })

  it.each(withKind('plain', 'success'))('$name: opens', ({ file, fileKey, payloadHash }) => {
    expect(sha256(openAgeFile(file, fileKey))).toBe(payloadHash)
  })

  it.each(withKind('plain', 'payload failure'))(
    '$name: hands out nothing of the payload',
    ({ file, fileKey }) => {
      expect(codeOf(() => openAgeFile(file, fileKey))).toBe('altered-content')
    },
  )

  it.each(withKind('plain', 'success', 'payload failure', 'HMAC failure'))(
    '$name: the same with Web Crypto',
    async ({ file, fileKey, expected, payloadHash }) => {
      const opened = openAgeFileWeb(
        file,
        parseHeader(file),
        fileKey,
        async key => (nonce, chunk) => chacha20poly1305(key, nonce).decrypt(chunk),
      ).then(sha256, (error: unknown) => (error instanceof EnvelopeError ? error.code : error))
      const verdicts: Record<string, string> = {
        success: payloadHash,
        'payload failure': 'altered-content',
        'HMAC failure': 'wrong-key',
      }
      expect(await opened).toBe(verdicts[expected])
    },
  )

  it.each(withKind('plain', 'HMAC failure'))(
    '$name: refuses the header MAC',
    ({ file, fileKey }) => {
      expect(codeOf(() => openAgeFile(file, fileKey))).toBe('wrong-key')
    },
  )

  it.each(headerFailures.filter(({ name }) => !inStanza.test(name) && !name.startsWith('stream_')))(
    '$name: refuses the header',
    ({ file }) => {
      expect(['not-a-message', 'unknown-version', 'damaged-message']).toContain(
        codeOf(() => parseHeader(file)),
      )
    },
  )

  it.each(headerFailures.filter(({ name }) => name.startsWith('stream_')))(
    '$name: refuses the missing nonce',
    ({ file, fileKey }) => {
      expect(codeOf(() => openAgeFile(file, fileKey))).not.toBe('none')
    },
  )

  it.each([
    ...headerFailures.filter(({ name }) => inStanza.test(name)),
    ...withKind('plain', 'no match'),
  ])(
    '$name: reads the header; the library that unwraps escrow stanzas refuses the stanza',
    async ({ file, identities }) => {
      expect(codeOf(() => parseHeader(file))).toBe('none')
      const decrypter = new Decrypter()
      for (const identity of identities) decrypter.addIdentity(identity)
      await expect(decrypter.decrypt(file)).rejects.toThrow(/./)
    },
  )

  it.each(withKind('plain', 'success', 'no match', 'HMAC failure', 'payload failure'))(
    '$name: writes the header as it was read',
    ({ file }) => {
      const header = parseHeader(file)
      const written = formatHeader(header.stanzaTexts, () => header.mac)
      expect(Buffer.compare(written, file.subarray(0, header.length))).toBe(0)
    },
  )

  it.each(withKind('passphrase', 'success', 'no match'))(
    '$name: reads the header of a passphrase file',
    ({ file, fileKey, hasFileKey }) => {
      const header = parseHeader(file)
      expect(checkHeaderMac(header, fileKey)).toBe(hasFileKey)
    },
  )

  it.each(withKind('passphrase', 'header failure', 'success', 'no match'))(
    '$name: is no Zegel message, as none has a passphrase stanza',
    ({ file }) => {
      expect(['unknown-stanza', 'damaged-message']).toContain(codeOf(() => readAgeHeader(file)))
    },
  )

  it.each(withKind('armored', ...new Set(vectors.map(({ expected }) => expected))))(
    '$name: is no Zegel message, as the ASCII armor of age stands nowhere in one',
    ({ file }) => {
      expect(codeOf(() => parseHeader(file))).toBe('not-a-message')
    },
  )
})
