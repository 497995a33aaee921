import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHeaderFields } from '../../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../../src/server/gateway/mail-facts.ts'
import {
  issuedConversation,
  replyMessageId,
} from '../../../../src/server/gateway/replies/issued-message-id.ts'
import { testMac } from '../../../support/sealed-message.ts'

const home = { id: 'example', domains: ['example.com'], replyDomain: '' }
const conversation = 'C'.repeat(22)
const submission = 'S'.repeat(22)
const id = replyMessageId(testMac, conversation, submission, home)

function conversationOf(header: string, organisationId = 'example', mac = testMac): string | null {
  return issuedConversation(
    mac,
    organisationId,
    new MailFacts(readHeaderFields(Buffer.from(`${header}\r\n\r\n`))),
  )
}

describe('a Message-ID that the gateway issued', () => {
  it('says which conversation it is of', () => {
    expect(id).toMatch(/^<r1\.S{22}\.C{22}\.[\w-]{22}@replies\.example\.com>$/)
    expect(conversationOf(`In-Reply-To: ${id}`)).toBe(conversation)
    expect(conversationOf(`References: <1@a>\r\n ${id}\r\n <2@a>`)).toBe(conversation)
  })

  it('is known again whatever was done to it on the way', () => {
    const cut = (at: number) => `${id.slice(0, at)}\r\n\t${id.slice(at)}`
    for (let at = 1; at < id.length; at++)
      expect(conversationOf(`References: <1@a> ${cut(at)}`)).toBe(conversation)
    const word = `=?utf-8?Q?${id.replaceAll('_', '=5F')}?=`
    expect(conversationOf(`In-Reply-To: ${word}`)).toBe(conversation)
    expect(conversationOf(`IN-REPLY-TO:${id}`)).toBe(conversation)
    expect(conversationOf(`References: "Bob" (a comment) ${id},<2@b>`)).toBe(conversation)
    expect(conversationOf(`In-Reply-To: ${id.replace(/@.*/, '@old.example.com>')}`)).toBe(
      conversation,
    )
  })

  it('is the nearest one where there are several', () => {
    const later = replyMessageId(testMac, 'D'.repeat(22), submission, home)
    expect(conversationOf(`References: ${id} ${later}`)).toBe('D'.repeat(22))
    expect(conversationOf(`References: ${later}\r\nIn-Reply-To: ${id}`)).toBe(conversation)
  })

  it('is found for any ids', () => {
    const ids = fc.stringMatching(/^[\w-]{22}$/)
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(conversationOf(`References: ${replyMessageId(testMac, a, b, home)}`)).toBe(a)
      }),
    )
  })
})

describe('attack: a Message-ID that somebody else made', () => {
  it('is not believed when any character of it is altered', () => {
    const end = id.indexOf('@')
    for (let at = 0; at < end; at++) {
      const altered = `${id.slice(0, at)}${id[at] === 'x' ? 'y' : 'x'}${id.slice(at + 1)}`
      expect(conversationOf(`In-Reply-To: ${altered}`)).toBeNull()
    }
  })

  it('is not believed for another organisation, or another key', () => {
    expect(conversationOf(`In-Reply-To: ${id}`, 'other')).toBeNull()
    expect(conversationOf(`In-Reply-To: ${id}`, 'example', () => new Uint8Array(32))).toBeNull()
  })

  it('costs little when there are thousands', () => {
    const forged = `<r1.${submission}.${conversation}.${'A'.repeat(22)}@a>`
    let macs = 0
    const counting = (data: Uint8Array) => (macs++, testMac(data))
    expect(conversationOf(`References: ${forged.repeat(3000)}`, 'example', counting)).toBeNull()
    expect(macs).toBeLessThanOrEqual(200)
  })

  it('is looked for in the fields of a chain alone', () => {
    expect(conversationOf(`Subject: ${id}\r\nMessage-ID: ${id}`)).toBeNull()
    expect(conversationOf('Subject: none')).toBeNull()
  })
})
