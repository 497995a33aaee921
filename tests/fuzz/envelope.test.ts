// A fuzz target for every parser of the envelope: whatever comes in, it answers, or throws an error
// with a code. `ZEGEL_FUZZ_SECONDS=60 vitest run tests/fuzz` runs each target for a minute.
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/core/address/address.ts'
import { cleanName } from '../../src/core/address/clean-name.ts'
import { decodeWords } from '../../src/core/address/encoded-words.ts'
import { parseMailboxes } from '../../src/core/address/mailboxes.ts'
import { parseHeader } from '../../src/core/envelope/age-header.ts'
import { fromLooseBase64 } from '../../src/core/envelope/base64.ts'
import { EnvelopeError } from '../../src/core/envelope/errors.ts'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readPostedEnvelope } from '../../src/core/envelope/posted-envelope.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { readRecord } from '../../src/core/envelope/record.ts'
import { formatStanza, parseStanza } from '../../src/core/envelope/stanza.ts'
import { PolicyError, parsePolicy } from '../../src/core/policy/parse-policy.ts'
import { parseRecipient } from '../../src/server/crypto/age-keys.ts'
import { ed25519Verifier } from '../../src/server/crypto/ed25519.ts'
import {
  findHeaderEnd,
  readHeaderFields,
  removeFields,
} from '../../src/server/gateway/header-fields.ts'
import { checkLoopMark } from '../../src/server/gateway/loop-mark.ts'
import { testMac } from '../support/sealed-message.ts'
import { fuzzParameters, mutated } from './mutate.ts'

const vector = (name: string): Buffer =>
  readFileSync(new URL(`../vectors/${name}`, import.meta.url))
const keys = JSON.parse(vector('keys.json').toString()) as {
  signing: { publicKey: string }
  escrow: { postQuantum: { recipient: string }; classical: { recipient: string } }
}
const verify = ed25519Verifier(Buffer.from(keys.signing.publicKey, 'base64'))
const shares = JSON.parse(vector('shares.json').toString()) as { fileKey: string }
const fileKey = new Uint8Array(Buffer.from(shares.fileKey, 'base64'))
const record = JSON.parse(vector('record.json').toString()) as {
  record: { policy: object }
  padded: string
}
const padded = Buffer.from(record.padded, 'base64')
const original = vector('original.eml')
const genuineFile = vector('message.age')
const wrapperHeader = vector('wrapper.eml').subarray(0, 900)
const utf8 = (bytes: Buffer): string => bytes.toString('utf8')

/** Runs a parser; an error without a code is a fault. */
function coded<T>(run: () => T): T | null {
  try {
    return run()
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof PolicyError) return null
    throw error
  }
}

interface Target {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  readonly check: (input: Buffer) => void
}

const ascii = (...texts: string[]): Buffer[] => texts.map(text => Buffer.from(text))

const targets: readonly Target[] = [
  {
    name: 'parseAddress: canonical, or null',
    seeds: ascii('alice@example.com', '"two words"@bücher.example', 'a.b+c@xn--bcher-kva.example'),
    check: input => {
      const address = parseAddress(utf8(input))
      if (address !== null) expect(parseAddress(address)).toBe(address)
    },
  },
  {
    name: 'parseMailboxes: canonical addresses, or null',
    seeds: ascii(
      'Alice <alice@example.com>, "Bob, B" <bob@x.example> (c)',
      '=?utf-8?B?QQ==?= <a@b.c>',
    ),
    check: input => {
      for (const mailbox of parseMailboxes(utf8(input)) ?? [])
        expect(parseAddress(mailbox.address)).toBe(mailbox.address)
    },
  },
  {
    name: 'decodeWords and cleanName: a clean name',
    seeds: ascii('=?utf-8?Q?a=C3=A9?= =?iso-8859-1*en?B?QUJD?= x', '=?utf-7?Q?+AGE-?='),
    check: input =>
      expect(cleanName(decodeWords(utf8(input)))).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u),
  },
  {
    name: 'parsePolicy: the same again, or a PolicyError',
    seeds: [Buffer.from(JSON.stringify(record.record.policy))],
    check: input => {
      let value: unknown
      try {
        value = JSON.parse(utf8(input))
      } catch {
        return
      }
      const policy = coded(() => parsePolicy(value))
      if (policy !== null) expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
    },
  },
  {
    name: 'readRecord: the genuine record and no other',
    seeds: [padded],
    check: input => {
      const read = coded(() => readRecord(new Uint8Array(input)).verify(verify))
      if (read !== null) expect(Buffer.compare(input, padded)).toBe(0)
    },
  },
  {
    name: 'parseHeader and readAgeHeader: a header inside the file',
    seeds: [genuineFile.subarray(0, 8800), vector('classical-escrow.age').subarray(0, 7400)],
    check: input => {
      const header = coded(() => parseHeader(input))
      if (header !== null) expect(header.length).toBeLessThanOrEqual(input.length)
      const zegel = coded(() => readAgeHeader(input))
      if (zegel !== null) expect(parseStanza(zegel.stanzaText)).not.toBeNull()
    },
  },
  {
    name: 'openAgeFile: the genuine plaintext and no other',
    seeds: [genuineFile],
    check: input => {
      const plain = coded(() => openAgeFile(new Uint8Array(input), fileKey))
      if (plain !== null) expect(Buffer.compare(plain, original)).toBe(0)
    },
  },
  {
    name: 'parseStanza: what would be written again, or null',
    seeds: [vector('stanza.txt')],
    check: input => {
      const text = input.toString('latin1')
      const stanza = parseStanza(text)
      if (stanza !== null) expect(formatStanza(stanza)).toBe(text)
    },
  },
  {
    name: 'readMessageHtml: bytes and text alike',
    seeds: [vector('message.html'), Buffer.from(utf8(vector('message.html')), 'utf16le')],
    check: input => {
      const read = coded(() => readMessageHtml(new Uint8Array(input)))
      if (read !== null) expect([read.signature.length, read.share?.length ?? 16]).toEqual([64, 16])
      coded(() => readMessageHtml(utf8(input)))
    },
  },
  {
    name: 'readPostedEnvelope: nothing but base64 and line ends',
    seeds: [vector('posted.txt')],
    check: input => {
      const posted = coded(() => readPostedEnvelope(input))
      if (posted === null) return
      expect(Buffer.from(posted.envelope).toString('latin1')).toMatch(
        /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n=]*$/,
      )
      expect(posted.signature).toMatch(/^[A-Za-z0-9+/]{86}==$/)
    },
  },
  {
    name: 'fromLooseBase64: what Node reads, or null',
    seeds: ascii('QUJD\r\nREVG', 'QQ==', 'QUI=\n'),
    check: input => {
      const bytes = fromLooseBase64(input)
      if (bytes !== null)
        expect(Buffer.from(input.toString('latin1'), 'base64')).toEqual(Buffer.from(bytes))
    },
  },
  {
    name: 'readHeaderFields, removeFields, checkLoopMark: any block',
    seeds: [original, wrapperHeader, Buffer.from('Bcc: a\r\n\tb\r\nX: y\n\n')],
    check: input => {
      const fields = readHeaderFields(input)
      expect(fields.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThanOrEqual(input.length)
      expect(
        readHeaderFields(removeFields(input, ['Bcc'])).some(
          ({ name }) => name.toLowerCase() === 'bcc',
        ),
      ).toBe(false)
      expect(findHeaderEnd(input)).toBeLessThanOrEqual(input.length)
      checkLoopMark(testMac, fields)
    },
  },
  {
    name: 'parseRecipient: a key of the right length',
    seeds: ascii(keys.escrow.postQuantum.recipient, keys.escrow.classical.recipient),
    check: input => {
      const recipient = coded(() => parseRecipient(utf8(input)))
      if (recipient !== null) expect([32, 1216]).toContain(recipient.publicKey.length)
    },
  },
]

describe('fuzz', () => {
  const seconds = Number(process.env['ZEGEL_FUZZ_SECONDS'] ?? 0)
  it.each(targets)(
    '$name',
    ({ seeds, check }) => {
      for (const seed of seeds) check(Buffer.from(seed))
      const property = fc.property(mutated(seeds), input => {
        check(input)
      })
      expect(() => {
        fc.assert(property, fuzzParameters())
      }).not.toThrow()
    },
    60_000 + seconds * 2000,
  )
})
