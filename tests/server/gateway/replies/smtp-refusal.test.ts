import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/core/address/address.ts'
import { replyAddresses, replyUrl } from '../../../../src/server/gateway/replies/reply-addresses.ts'
import {
  refusalAtData,
  refusalOfAnswers,
} from '../../../../src/server/gateway/replies/smtp-refusal.ts'
import { reply } from '../../../../src/server/gateway/smtp/reply.ts'
import { ALICE, BOB, CAROL, DAVE } from '../support/test-replies.ts'

const answer = (address: Address, code: number, isOurs = false) => ({
  address,
  answer: reply(code, 'x'),
  isOurs,
})
const people = [ALICE, DAVE, CAROL]
const codeOf = (...answers: Parameters<typeof refusalOfAnswers>[0]) => {
  const refusal = refusalOfAnswers(answers, people)
  return refusal && [refusal.code, refusal.extras.recipients]
}

describe('what the next hop’s answers mean for a writer', () => {
  it('nothing, when everyone is accepted', () => {
    expect(codeOf(answer(ALICE, 250), answer(CAROL, 251))).toBeUndefined()
  })

  it('an address that is refused for good comes before one that is put off', () => {
    expect(codeOf(answer(ALICE, 450), answer(CAROL, 550), answer(DAVE, 553))).toEqual([
      'recipient-refused',
      [1, 2],
    ])
    expect(codeOf(answer(ALICE, 450), answer(CAROL, 250))?.[0]).toBe('replies-unavailable')
  })

  it('a full mailbox is the recipient’s, not a mail that is too large', () => {
    expect(codeOf(answer(ALICE, 552))).toEqual(['recipient-refused', [0]])
  })

  it('what is said of the mail itself is no recipient’s fault', () => {
    expect(codeOf(answer(ALICE, 550, true))?.[0]).toBe('replies-unavailable')
    expect(codeOf(answer(ALICE, 552, true))?.[0]).toBe('too-large')
  })

  it('the writer’s own copy has no position', () => {
    expect(codeOf(answer(BOB, 550))).toEqual(['recipient-refused', []])
  })

  it('after the mail was sent, a permanent answer is about whom it was for', () => {
    const of = (code: number) => refusalAtData(reply(code, 'x'), [CAROL, BOB], people)
    expect(of(554)).toMatchObject({ code: 'recipient-refused', extras: { recipients: [2] } })
    expect(of(451).code).toBe('replies-unavailable')
    expect(of(552).code).toBe('too-large')
  })
})

describe('where hand-overs are taken', () => {
  const tls = { certificate: 'c', key: 'k' }
  it('nowhere, unless configured or for a portal in the same process', () => {
    expect(replyAddresses('', tls, false)).toEqual([])
    expect(replyAddresses('', tls, true)).toEqual([{ host: '127.0.0.1', port: 0, tls: undefined }])
  })

  it('without TLS on this machine alone', () => {
    expect(replyAddresses('127.0.0.1:8081', tls, false)[0]?.tls).toBeUndefined()
    expect(replyAddresses('[::1]:8081', undefined, false)[0]?.host).toBe('::1')
    expect(replyAddresses('10.0.0.1:8081', tls, true).map(address => address.tls)).toEqual([
      tls,
      undefined,
    ])
    for (const listen of ['10.0.0.1:8081', '*:8081', '0.0.0.0:8081', '127.evil.test:8081'])
      expect(() => replyAddresses(listen, undefined, false)).toThrow('gateway.tls')
  })

  it('is said as an address', () => {
    expect(replyUrl({ host: '::1', port: 1, tls: undefined }, 8081)).toBe('http://[::1]:8081')
    expect(replyUrl({ host: 'gw.test', port: 1, tls }, 443)).toBe('https://gw.test:443')
  })
})
