import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalDomain,
  domainOf,
  maskAddress,
  parseAddress,
} from '../../../src/core/address/address.ts'
import { address } from '../../support/sealed-message.ts'

const canonical: readonly (readonly [string, string])[] = [
  ['Alice@Example.COM', 'alice@example.com'],
  ['a.b+tag@example.com', 'a.b+tag@example.com'],
  ['ALICE@bücher.example', 'alice@xn--bcher-kva.example'],
  ['alice@XN--BCHER-KVA.example', 'alice@xn--bcher-kva.example'],
  ['alice@ｅｘａｍｐｌｅ.com', 'alice@example.com'],
  ['alice@example。com', 'alice@example.com'],
  ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ['JOSÉ@example.com', 'josé@example.com'],
  ['用户@例え.jp', '用户@xn--r8jz45g.jp'],
  ['"alice"@example.com', 'alice@example.com'],
  ['"a\\lice"@example.com', 'alice@example.com'],
  ['"two words"@example.com', '"two words"@example.com'],
  ['"a@b"@example.com', '"a@b"@example.com'],
  ['"q\\"uote"@example.com', '"q\\"uote"@example.com'],
  ['"a..b"@example.com', '"a..b"@example.com'],
  ["o'brien!#$%&*/=?^_`{|}~-@example.com", "o'brien!#$%&*/=?^_`{|}~-@example.com"],
  ['root@localhost', 'root@localhost'],
]

const refused: readonly (readonly [string, string])[] = [
  ['', 'nothing'],
  ['alice', 'no domain'],
  ['@example.com', 'no local part'],
  ['alice@', 'an empty domain'],
  ['a@b@example.com', 'two signs without quotes'],
  ['.alice@example.com', 'a leading dot'],
  ['alice.@example.com', 'a trailing dot'],
  ['a..b@example.com', 'two dots'],
  ['a b@example.com', 'a space'],
  ['alice @example.com', 'a space before the sign'],
  ['alice@ example.com', 'a space in the domain'],
  ['alice(comment)@example.com', 'a comment'],
  ['alice@example.com(comment)', 'a comment behind'],
  ['<alice@example.com>', 'brackets'],
  ['@relay.example:alice@example.com', 'a source route'],
  ['alice@[192.0.2.1]', 'an address literal'],
  ['alice@192.0.2.1', 'an IPv4 address as domain'],
  ['alice@127.1', 'a short IPv4 address'],
  ['alice@0x7f000001', 'a hexadecimal IPv4 address'],
  ['alice@example.com.', 'a trailing dot of the domain'],
  ['alice@-example.com', 'a label that begins with a hyphen'],
  ['alice@example-.com', 'a label that ends with a hyphen'],
  ['alice@exa_mple.com', 'an underscore'],
  ['alice@exa%6dple.com', 'percent encoding'],
  ['alice@example.com:25', 'a port'],
  ['alice@example.com/x', 'a path'],
  ['alice@user:pass@example.com', 'something a URL would drop'],
  ['alice@xn--zzzzzzzz-.example', 'an A-label that is none'],
  ['ａｌｉｃｅ@example.com', 'full-width letters'],
  ['alice＠example.com', 'a full-width sign'],
  ['alice\u0000@example.com', 'NUL'],
  ['alice@example.com\u0000.evil.example', 'NUL in the domain'],
  ['alice\r\n@example.com', 'a line end'],
  ['alice\u202e@example.com', 'a direction override'],
  ['ali\u200bce@example.com', 'a zero-width space'],
  ['alice@exa\u00admple.com', 'a soft hyphen in the domain'],
  ['ali\u00a0ce@example.com', 'a no-break space'],
  ['"alice@example.com', 'an open quote'],
  ['"ali"ce"@example.com', 'a quote inside quotes'],
  ['"tab\t"@example.com', 'a control in quotes'],
  [`${'a'.repeat(65)}@example.com`, 'a long local part'],
  [`alice@${'a'.repeat(64)}.example`, 'a long label'],
  [`${'a'.repeat(60)}@${'b.'.repeat(100)}example`, 'a long address'],
  ['a'.repeat(100_000), 'a very long text'],
]

describe('parseAddress', () => {
  it.each(canonical)('reads %j as %j', (text, expected) => {
    expect(parseAddress(text)).toBe(expected)
  })

  it.each(refused)('refuses %j: %s', text => {
    expect(parseAddress(text)).toBeNull()
  })

  it('gives the same for what it has given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), text => {
        const parsed = parseAddress(text)
        expect(parsed === null ? null : parseAddress(parsed)).toBe(parsed)
      }),
      { numRuns: 2000 },
    )
  })

  it('does not tell upper from lower case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), text => {
        expect(parseAddress(text.toUpperCase())).toBe(parseAddress(text.toLowerCase()))
      }),
    )
  })

  it('keeps letters apart that only look alike', () => {
    expect(parseAddress('alice@example.com')).not.toBe(parseAddress('аlice@example.com'))
    expect(parseAddress('alice@exаmple.com')).toBe('alice@xn--exmple-4nf.com')
  })
})

describe('threat: look-alike addresses, RTL override in names, NUL', () => {
  it('shows an internationalised domain as A-label, where a look-alike stands out', () => {
    expect(domainOf(address('alice@pаypal.com'))).toMatch(/^xn--/)
  })
})

describe('maskAddress', () => {
  it('shows the first character and the domain', () => {
    expect(maskAddress(address('bob@example.org'))).toBe('b•••@example.org')
  })

  it('shows as many dots for a short name as for a long one', () => {
    expect(maskAddress(address('b@example.org'))).toBe('b•••@example.org')
  })

  it('keeps a character of two code units whole', () => {
    expect(maskAddress(address('😀x@example.org'))).toBe('😀•••@example.org')
  })

  it('shows no quote of a quoted local part', () => {
    expect(maskAddress(address('"two words"@example.org'))).toBe('t•••@example.org')
  })
})

describe('canonicalDomain', () => {
  /** Pieces of which names, A-labels, numbers and malformed names come about. */
  const pieces = fc.constantFrom(
    'a',
    'z',
    '0',
    '7',
    '1',
    'x',
    'xn--',
    '-',
    '--',
    '.',
    '.',
    'e',
    'com',
  )
  const names = fc.array(pieces, { minLength: 1, maxLength: 12 }).map(parts => parts.join(''))
  const long = fc
    .tuple(fc.integer({ min: 60, max: 66 }), names)
    .map(([n, name]) => 'a'.repeat(n) + name)

  it('gives a plain name what the URL parser gives', () => {
    fc.assert(
      fc.property(fc.oneof(names, long), name => {
        // A capital letter or a full-width dot sends a name through the URL parser.
        const slow = canonicalDomain(
          /[a-z]/.test(name) ? name.toUpperCase() : name.replace('.', '。'),
        )
        expect(canonicalDomain(name)).toBe(slow)
      }),
      { numRuns: 5000 },
    )
  })
})
