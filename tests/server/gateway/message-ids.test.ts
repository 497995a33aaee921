import { describe, expect, it } from 'vitest'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import { checkLoopMark, formatLoopMark } from '../../../src/server/gateway/loop-mark.ts'
import { deriveConversationId, deriveMessageId } from '../../../src/server/gateway/message-ids.ts'
import { address, testMac } from '../../support/sealed-message.ts'

const alice = address('alice@example.com')
const fields = (text: string): ReturnType<typeof readHeaderFields> =>
  readHeaderFields(Buffer.from(text))
const messageId = (text: string, sender = alice): string =>
  deriveMessageId(testMac, sender, fields(text))
const conversationId = (text: string): string =>
  deriveConversationId(testMac, 'example', fields(text))

describe('deriveMessageId', () => {
  it('is the same on a retry, whatever relays have added', () => {
    const retry = 'Received: by b\r\nMessage-ID: <1@a>\r\nSubject: s\r\n\r\n'
    expect(messageId(retry)).toBe(messageId('Received: by a\r\nMessage-Id:\r\n <1@a>\r\n\r\n'))
    expect(messageId(retry)).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })

  it('is another for another Message-ID, sender or gateway key', () => {
    const one = messageId('Message-ID: <1@a>\r\n')
    expect(messageId('Message-ID: <2@a>\r\n')).not.toBe(one)
    expect(messageId('Message-ID: <1@a>\r\n', address('bob@example.com'))).not.toBe(one)
    expect(
      deriveMessageId(() => new Uint8Array(32), alice, fields('Message-ID: <1@a>\r\n')),
    ).not.toBe(one)
  })

  it('tells mails without Message-ID apart, and knows each again', () => {
    const one = 'From: alice@example.com\r\nDate: 1\r\nSubject: a\r\n'
    expect(messageId(one)).toBe(messageId(`Received: x\r\n${one}`))
    expect(messageId(one)).not.toBe(messageId(one.replace('Subject: a', 'Subject: b')))
  })
})

describe('deriveConversationId', () => {
  it('is the same for a mail and its answers', () => {
    const first = conversationId('Message-ID: <1@a>\r\n')
    expect(conversationId('Message-ID: <2@a>\r\nIn-Reply-To: <1@a>\r\n')).toBe(first)
    expect(
      conversationId('Message-ID: <3@a>\r\nIn-Reply-To: <2@a>\r\nReferences: <1@a> <2@a>\r\n'),
    ).toBe(first)
    expect(conversationId('Message-ID: <4@a>\r\n')).not.toBe(first)
  })
})

describe('loop mark', () => {
  const marked = {
    messageId: '<1@a>',
    from: 'Alice <alice@example.com>',
    date: 'Sat, 21 Nov 2026 04:00:00 +0000',
  }
  const mark = formatLoopMark(testMac, 'A'.repeat(22), marked)
  const mail = (
    value: string,
    changes: Partial<typeof marked> = {},
  ): ReturnType<typeof readHeaderFields> => {
    const all = { ...marked, ...changes }
    return fields(
      `From: ${all.from}\r\nDate: ${all.date}\r\nMessage-ID: ${all.messageId}\r\nX-Zegel: ${value}\r\n\r\n`,
    )
  }

  it('is known again, also folded another way', () => {
    expect(checkLoopMark(testMac, mail(mark))).toBe('valid')
    expect(
      checkLoopMark(
        testMac,
        mail(mark.replaceAll('; ', ';\r\n\t'), { from: 'Alice\r\n <alice@example.com>' }),
      ),
    ).toBe('valid')
  })

  it('is worth nothing on another mail, altered, or from another gateway', () => {
    expect(checkLoopMark(testMac, mail(mark, { messageId: '<2@a>' }))).toBe('invalid')
    expect(checkLoopMark(testMac, mail(mark, { from: 'Mallory <alice@example.com>' }))).toBe(
      'invalid',
    )
    expect(checkLoopMark(testMac, mail(mark, { date: 'today' }))).toBe('invalid')
    expect(checkLoopMark(testMac, mail(mark.replace('1; A', '1; B')))).toBe('invalid')
    expect(checkLoopMark(testMac, mail('1'))).toBe('invalid')
    expect(checkLoopMark(testMac, mail(''))).toBe('invalid')
    expect(checkLoopMark(() => new Uint8Array(32), mail(mark))).toBe('invalid')
  })

  it('is absent where there is none', () => {
    expect(checkLoopMark(testMac, fields('From: x\r\n\r\n'))).toBe('none')
  })
})
