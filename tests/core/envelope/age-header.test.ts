import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAgeStanza,
  formatHeader,
  parseAgeStanza,
  parseHeader,
} from '../../../src/core/envelope/age-header.ts'
import type { Stanza } from '../../../src/core/envelope/age-header.ts'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { readAgeHeader } from '../../../src/core/envelope/open.ts'
import { formatStanza, parseStanza } from '../../../src/core/envelope/stanza.ts'

const argument = fc.stringMatching(/^[!-~]{1,30}$/)
const stanza: fc.Arbitrary<Stanza> = fc.record({
  args: fc
    .array(argument, { minLength: 1, maxLength: 4 })
    .map(([type = 'x', ...rest]): [string, ...string[]] => [type, ...rest]),
  body: fc.uint8Array({ maxLength: 200 }),
})
const keyId = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)
const mac = Uint8Array.from({ length: 32 }, (_, i) => i)
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

const headerOf = (...stanzas: string[]): Uint8Array => formatHeader(stanzas, () => mac)
const zegel = formatStanza({ keyId: 'A'.repeat(22), body: new Uint8Array(100) })
const escrow = formatAgeStanza({ args: ['X25519', 'abc'], body: new Uint8Array(32) })

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
  return 'none'
}

describe('age header', () => {
  it('is read as it was written, whatever the stanzas are', () => {
    fc.assert(
      fc.property(
        fc.array(stanza, { minLength: 1, maxLength: 5 }),
        fc.uint8Array(),
        (stanzas, rest) => {
          const texts = stanzas.map(stanza => formatAgeStanza(stanza))
          const header = formatHeader(texts, () => mac)
          const parsed = parseHeader(Buffer.concat([header, rest]))
          expect(parsed.stanzas).toEqual(stanzas)
          expect(parsed.stanzaTexts).toEqual(texts)
          expect(parsed.mac).toEqual(mac)
          expect(parsed.length).toBe(header.length)
        },
      ),
    )
  })

  it('covers everything up to the three hyphens with its MAC', () => {
    let covered = ''
    formatHeader([zegel], input => {
      covered = Buffer.from(input).toString()
      return mac
    })
    expect(covered).toBe(`age-encryption.org/v1\n${zegel}---`)
    expect(Buffer.from(parseHeader(headerOf(zegel)).macInput).toString()).toBe(covered)
  })

  it('ends a body of full lines with an empty one', () => {
    const text = formatAgeStanza({ args: ['x'], body: new Uint8Array(48) })
    expect(text).toBe(`-> x\n${'A'.repeat(64)}\n\n`)
    expect(parseAgeStanza(text).body).toHaveLength(48)
  })

  it('refuses more stanzas than anyone needs', () => {
    expect(codeOf(() => parseHeader(headerOf(...Array<string>(65).fill(escrow))))).toBe('too-large')
  })

  it('reads no further than half a megabyte for a header', () => {
    expect(
      codeOf(() => parseHeader(ascii(`age-encryption.org/v1\n-> x\n${'A'.repeat(600_000)}`))),
    ).toBe('too-large')
  })

  it('is refused when it is cut off anywhere', () => {
    const header = headerOf(zegel, escrow)
    for (let length = 0; length < header.length; length++)
      expect(['not-a-message', 'damaged-message']).toContain(
        codeOf(() => parseHeader(header.subarray(0, length))),
      )
  })
})

describe('readAgeHeader', () => {
  it('hands out the exact text of the one stanza for the portal', () => {
    expect(readAgeHeader(headerOf(escrow, zegel, escrow)).stanzaText).toBe(zegel)
  })

  it.each([
    ['a file of another kind', ascii('PK\u0003\u0004'), 'not-a-message'],
    ['nothing', new Uint8Array(0), 'not-a-message'],
    ['a later version of age', ascii('age-encryption.org/v2\n--- x\n'), 'unknown-version'],
    ['an age file without a stanza for the portal', headerOf(escrow), 'not-a-message'],
    ['two stanzas for the portal', headerOf(zegel, zegel), 'damaged-message'],
    [
      'a later version of the stanza',
      headerOf(zegel.replace('zegel.v1', 'zegel.v2')),
      'unknown-version',
    ],
    [
      'a later version beside this one',
      headerOf(zegel, zegel.replace('zegel.v1', 'zegel.v2')),
      'unknown-version',
    ],
    [
      'a stanza of an unknown kind',
      headerOf(zegel, escrow.replace('X25519', 'scrypt')),
      'unknown-stanza',
    ],
    [
      'a stanza with one argument more',
      headerOf(zegel.replace('\n', ' more\n')),
      'damaged-message',
    ],
    ['a stanza with a bad key id', headerOf(zegel.replace('AAAA', 'AAA=')), 'damaged-message'],
  ])('refuses %s', (_, bytes, expected) => {
    expect(codeOf(() => readAgeHeader(bytes))).toBe(expected)
  })
})

describe('zegel.v1 stanza', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(keyId, fc.uint8Array({ maxLength: 3000 }), (id, body) => {
        expect(parseStanza(formatStanza({ keyId: id, body }))).toEqual({ keyId: id, body })
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['another type', zegel.replace('zegel.v1', 'X25519')],
    ['a later version', zegel.replace('zegel.v1', 'zegel.v2')],
    ['a second stanza behind', zegel + zegel],
    ['text behind', `${zegel}x`],
    ['text before', `x\n${zegel}`],
    ['no final line end', zegel.trimEnd()],
    ['CRLF', zegel.replaceAll('\n', '\r\n')],
    ['a character outside ASCII', zegel.replace('zegel.v1', 'zegel.v1é')],
    ['a short key id', zegel.replace('A'.repeat(22), 'A'.repeat(21))],
    ['padding', zegel.replace(/\n$/, '=\n')],
  ])('is not read from %s', (_, text) => {
    expect(parseStanza(text)).toBeNull()
  })
})
