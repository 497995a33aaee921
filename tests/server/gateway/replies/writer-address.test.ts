import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { domainOf, parseAddress } from '../../../../src/core/address/address.ts'
import {
  leadsBack,
  writerAddress,
  writerOf,
} from '../../../../src/server/gateway/replies/writer-address.ts'
import { address, testMac } from '../../../support/sealed-message.ts'

const home = { id: 'example', domains: ['example.com', 'example.net'], replyDomain: '' }
const bob = address('bob@outside.org')

const localPart = fc.stringMatching(/^[a-z0-9_+='~%!#"@ .-]{1,40}$/)
const domain = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]\.(?:org|co\.uk|xn--p1ai)$/)
const writers = fc
  .tuple(localPart, domain)
  .map(([local, host]) => parseAddress(`${local}@${host}`) ?? parseAddress(`"${local}"@${host}`))
  .filter(writer => writer !== null)

describe('an address that stands for somebody outside', () => {
  it('is under the domain kept for it, and leads back', () => {
    const alias = writerAddress(testMac, bob, home)
    expect(alias).toMatch(/^bob=outside\.org\.[a-z2-7]{16}@replies\.example\.com$/)
    expect(leadsBack(alias)).toBe(true)
    expect(writerOf(testMac, alias, home)).toBe(bob)
    expect(writerAddress(testMac, bob, { ...home, replyDomain: 'r.example.org' })).toMatch(
      /@r\.example\.org$/,
    )
  })

  it('leads to its writer or to nobody, is canonical and never longer than a mail server takes', () => {
    fc.assert(
      fc.property(writers, writer => {
        const alias = writerAddress(testMac, writer, home)
        expect(parseAddress(alias)).toBe(alias)
        expect(alias.indexOf('@')).toBeLessThanOrEqual(64)
        expect(domainOf(alias)).toBe('replies.example.com')
        expect(alias).toMatch(/^[a-z0-9_+='~][a-z0-9_+='~.-]*@/)
        expect(writerOf(testMac, alias, home)).toBe(leadsBack(alias) ? writer : null)
        expect(writerAddress(testMac, writer, home)).toBe(alias)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['too long', `${'a'.repeat(60)}@outside.org`],
    ['a route', 'bob%else.test@outside.org'],
    ['a route of old', 'else.test!bob@outside.org'],
    ['quoted', '"bob b"@outside.org'],
    ['beyond ASCII', 'bób@outside.org'],
    ['an option to a program', '-bob@outside.org'],
  ])('has no way back for what is %s, and still tells writers apart', (_, text) => {
    const alias = writerAddress(testMac, address(text), home)
    expect(alias).toMatch(/^[a-z2-7]{16}@replies\.example\.com$/)
    expect(leadsBack(alias)).toBe(false)
    expect(writerOf(testMac, alias, home)).toBeNull()
    expect(alias).not.toBe(
      writerAddress(testMac, address(text.replace('outside', 'elsewhere')), home),
    )
  })
})

describe('an address under a former reply domain', () => {
  it('still leads to its writer', () => {
    const old = writerAddress(testMac, bob, home)
    const moved = { ...home, replyDomain: 'r.example.org' }
    const former = { ...moved, formerReplyDomains: ['replies.example.com'] }
    expect(writerOf(testMac, old, moved)).toBeNull()
    expect(writerOf(testMac, old, former)).toBe(bob)
    expect(writerAddress(testMac, bob, former)).toMatch(/@r\.example\.org$/)
  })
})

describe('attack: an address that nobody was given', () => {
  const alias = writerAddress(testMac, bob, home)

  it('is refused when any letter of it is altered', () => {
    for (let at = 0; at < alias.indexOf('@'); at++) {
      const altered = parseAddress(`${alias.slice(0, at)}x${alias.slice(at + 1)}`)
      const reached =
        altered === null || altered === alias ? null : writerOf(testMac, altered, home)
      expect(reached).toBeNull()
    }
  })

  it.each([
    'bob=outside.org@replies.example.com',
    'bob@replies.example.com',
    'postmaster@replies.example.com',
    `aaaaaaaaaaaaaaaa@replies.example.com`,
    `bob=outside.org.aaaaaaaaaaaaaaaa@replies.example.com`,
    alias.replace('@replies.', '@'),
    alias.replace('bob=', 'alice=example.com,bob='),
  ])('is refused: %s', text => {
    const read = parseAddress(text)
    expect(read === null ? null : writerOf(testMac, read, home)).toBeNull()
  })

  it('is refused when it is of another organisation, or made with another key', () => {
    const other = { ...home, id: 'other' }
    expect(writerOf(testMac, alias, other)).toBeNull()
    expect(writerOf(() => new Uint8Array(32), alias, home)).toBeNull()
  })

  it('is the same mailbox in capitals, as some mail servers write it', () => {
    const capitals = parseAddress(alias.toUpperCase())
    expect(capitals === null ? null : writerOf(testMac, capitals, home)).toBe(bob)
  })
})
