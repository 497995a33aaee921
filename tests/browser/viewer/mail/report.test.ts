import { describe, expect, it } from 'vitest'
import { readReport } from '../../../../src/browser/viewer/mail/report/read-report.ts'
import { readMail } from '../../../../src/browser/viewer/mail/read-mail.ts'
import { utf8 } from './mail-text.ts'

describe('readReport', () => {
  it('reads who did not get a mail and why (RFC 3464)', () => {
    const text = [
      'Reporting-MTA: dns; mx.example.com',
      '',
      'Original-Recipient: rfc822;jane@example.com',
      'Final-Recipient: RFC822; jane.doe@example.com',
      'Action: failed',
      'Status: 5.1.1 (unknown)',
      'Diagnostic-Code: smtp; 550 5.1.1',
      '  no such user',
      '',
      'Final-Recipient: rfc822; bob@example.com',
      'Action: delayed (will retry)',
      'Status: 4.4.1',
    ].join('\r\n')
    const report = readReport('message/delivery-status', utf8(text))
    expect(report?.kind).toBe('delivery')
    expect(report?.recipients).toEqual([
      {
        address: 'jane@example.com',
        action: 'failed',
        status: '5.1.1',
        diagnostic: '550 5.1.1 no such user',
      },
      { address: 'bob@example.com', action: 'delayed', status: '4.4.1', diagnostic: '' },
    ])
    expect(report?.fields).toHaveLength(9)
    expect(report?.fields[0]).toEqual({ name: 'Reporting-MTA', value: 'dns; mx.example.com' })
  })

  it('reads that a mail was shown (RFC 8098)', () => {
    const text =
      'Final-Recipient: rfc822;a@b.example\nDisposition: manual-action/MDN-sent-manually; displayed'
    expect(readReport('message/disposition-notification', utf8(text))).toMatchObject({
      kind: 'disposition',
      recipients: [{ address: 'a@b.example', action: 'displayed' }],
    })
  })

  it('is null for other types and for a text without fields', () => {
    expect(readReport('text/plain', utf8('Action: failed'))).toBeNull()
    expect(readReport('message/delivery-status', utf8('\r\n\r\nhello'))).toBeNull()
  })

  it('is the first of several that has fields', async () => {
    const mail = await readMail(
      utf8(
        'Content-Type: multipart/report; boundary=b\r\n\r\n' +
          '--b\r\nContent-Type: message/delivery-status\r\n\r\nThis message was undeliverable.\r\n' +
          '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\n--b--\r\n',
      ),
    )
    expect(mail.report?.recipients).toMatchObject([{ action: 'failed' }])
  })

  it('is found in a multipart/report, with the words for people as its text', async () => {
    const mail = await readMail(
      utf8(
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n' +
          '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\n' +
          '--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Lost\r\n\r\nText\r\n--b--\r\n',
      ),
    )
    expect(mail.body.text).toBe('Sorry.')
    expect(mail.report?.recipients).toMatchObject([{ address: 'a@b.example', action: 'failed' }])
    expect(mail.attachments.map(({ name, content }) => [name, content?.kind])).toEqual([
      ['delivery-status.txt', undefined],
      ['Lost.eml', 'message'],
    ])
  })
})
