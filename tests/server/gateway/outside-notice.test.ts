import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import {
  messagePage,
  noticeSubject,
  noticeWords,
  senderOf,
} from '../../../src/server/gateway/notice.ts'
import { renderNotice } from '../../../src/server/gateway/rendered-notice.ts'
import { locales, translator } from '../../../src/server/text/text.ts'
import { escapeHtml } from '../../../src/core/envelope/escape-html.ts'
import { pageTail } from '../../../src/core/envelope/render-page.ts'

const address = (text: string): Address => parseAddress(text) as Address
const notice = {
  organisationName: 'Example',
  accent: '#8c2f28',
  logo: '',
  portalUrl: 'https://mail.example.com',
  locale: 'nl',
  subject: '',
}
const policy = {
  sender: address('bob=outside.org.x1@replies.example.com'),
  senderName: 'Alice Director',
  assurance: 'mailbox',
  writer: { address: address('bob@outside.org'), method: 'passcode', assurance: 'mailbox' },
} as const satisfies Partial<Policy>

const decoded = (part: Uint8Array): string => {
  const [head = '', body = ''] = Buffer.from(part).toString().split('\r\n\r\n')
  return /base64/i.test(head) ? Buffer.from(body, 'base64').toString() : body
}

describe('notice of a message that somebody outside wrote', () => {
  it('names the verified address, neither the name they call themselves nor the address that stands for them', () => {
    const { text, html, subject } = renderNotice(notice, policy as unknown as Policy)
    for (const words of [decoded(text), decoded(html), subject]) {
      expect(words).toContain('bob@outside.org')
      expect(words).not.toContain('Alice Director')
      expect(words).not.toContain('replies.example.com')
    }
  })

  it.each(locales)('says in %s that it is not from the organisation', locale => {
    const words = noticeWords(
      { ...notice, locale },
      senderOf(policy as unknown as Policy),
      'mailbox',
      true,
    )
    const page = pageTail(messagePage(notice, words), 'share', true)
    const sentence = translator(locale)('replyMail.outside', { organisation: 'Example' })
    expect(words[0]?.explanation.startsWith(sentence)).toBe(true)
    expect(page).toContain(escapeHtml(sentence))
    expect(noticeSubject(notice, words, 'bob@outside.org')).toContain('bob@outside.org')
  })

  it('says nothing of the kind of a message of the organisation’s own', () => {
    const own = { ...policy, writer: undefined, sender: address('alice@example.com') }
    const { text } = renderNotice(notice, own as unknown as Policy)
    expect(decoded(text)).toContain('Alice Director')
    expect(decoded(text)).not.toContain(
      translator('nl')('replyMail.outside', { organisation: 'Example' }),
    )
  })
})
