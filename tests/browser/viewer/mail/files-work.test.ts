import { describe, expect, it } from 'vitest'
import { readMail } from '../../../../src/browser/viewer/mail/read-mail.ts'
import { startOfQuote } from '../../../../src/browser/viewer/mail/quotes/quote-start.ts'
import { readRtf } from '../../../../src/browser/viewer/mail/winmail/read-rtf.ts'
import { readWinmail } from '../../../../src/browser/viewer/mail/winmail/read-winmail.ts'
import { utf8 } from './mail-text.ts'
import { attribute, messageProperties, u32, winmail } from './winmail-writer.ts'

/** As in work.test.ts: what is not linear, or has no bound, does not come back within the time of a test. */
describe('threat: files in mails made to take endless time or memory', () => {
  it('counts no values without bytes: four billion of them in 16 bytes', () => {
    for (const type of [0x1000, 0x1001, 0x101f, 0x1003]) {
      const property = Buffer.concat([
        u32(type | (0x1234 << 16)),
        u32(0xffffffff),
        Buffer.alloc(400),
      ])
      expect(readWinmail(winmail(1252, messageProperties(property)))?.damaged).toBe(true)
    }
  })

  it('reads many attributes, files and properties', () => {
    const attributes = Buffer.alloc(2_200_000, attribute(2, 0x69002, Buffer.alloc(0)))
    expect(readWinmail(winmail(1252, attributes))?.files).toHaveLength(1000)
    const properties = Buffer.concat([
      u32(1_000_000),
      Buffer.alloc(8_000_000, Buffer.from('0300341200000000', 'hex')),
    ])
    expect(readWinmail(winmail(1252, attribute(1, 0x69003, properties)))?.damaged).toBe(true)
  })

  it.each([
    '{',
    '}',
    '{}',
    '{\\*\\htmltag64 <p>}',
    "\\'",
    '\\u1 ',
    '\\bin9999999999 ',
    'a',
    '{\\fonttbl',
  ])('reads a megabyte of %s in RTF', piece => {
    const rtf = Buffer.from(
      `{\\rtf1\\fromhtml1 ${piece.repeat(Math.ceil(1_000_000 / piece.length))}`,
    )
    expect(JSON.stringify(readRtf(rtf)).length).toBeLessThan(3_000_000)
  })

  it.each([
    ['BEGIN:X\r\n', 1],
    ['\r\n x', 1],
    [';A=b', 1],
    ['"', 1],
    [',', 1],
    ['\\', 1],
    ['\r\nEND:VEVENT\r\nBEGIN:VEVENT', 50],
    ['=\r\n', 1],
  ])('reads a megabyte of %j in a calendar and in a card', async (piece, events) => {
    const many = piece.repeat(1_000_000 / piece.length)
    const calendar = await mailOf(
      'text/calendar',
      `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE;CN=${many}`,
    )
    const content = calendar.attachments[0]?.content
    expect(content?.kind === 'calendar' ? content.calendar.events.length : 0).toBe(events)
    const card = await mailOf('text/vcard', `BEGIN:VCARD\r\nFN:a\r\nADR;QUOTED-PRINTABLE:${many}`)
    expect(card.attachments[0]?.content?.kind).toBe('contacts')
  })

  it('works out many times in a zone of many changes', async () => {
    const times = Array.from({ length: 60 }, (_, i) => `20${String(30 + i)}0101T000000`).join(',')
    const change = `BEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nRDATE:${times}\r\nEND:STANDARD\r\n`
    const event = `BEGIN:VEVENT\r\nDTSTART;TZID=Z:20200101T000000\r\nRDATE;TZID=Z:${times}\r\nEXDATE;TZID=Z:${times}\r\nEND:VEVENT\r\n`
    const zone = `BEGIN:VTIMEZONE\r\nTZID:Z\r\n${change.repeat(500)}END:VTIMEZONE\r\n`
    const mail = await mailOf(
      'text/calendar',
      `BEGIN:VCALENDAR\r\n${zone}${event.repeat(200)}END:VCALENDAR`,
    )
    expect(mail.invitation).toBeNull()
    expect(mail.attachments[0]?.content).toMatchObject({
      kind: 'calendar',
      calendar: { more: 150 },
    })
  })

  it('reads a report of a million fields, and lists so many', async () => {
    const mail = await mailOf('message/delivery-status', 'Action: failed\r\n\r\n'.repeat(100_000))
    expect([mail.report?.fields.length, mail.report?.recipients.length]).toEqual([500, 200])
  })

  it('looks for no quote in a text of a million lines', () => {
    const lines = Array.from({ length: 1_000_000 }, () => '> -----a-----')
    expect(startOfQuote(['a', ...lines])).toBe(1_000_001)
  })
})

describe('mails that are hardly mails', () => {
  it.each([
    ['nothing', ''],
    ['line ends', '\r\n\r\n'],
    ['a header alone', 'Subject: s\r\nFrom: a@b.example\r\n'],
    ['NUL', '\0\0\0\0'],
    ['a multipart without parts', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n'],
  ])('say that there is no text: %s', async (_what, text) => {
    const mail = await readMail(utf8(text))
    expect(mail.warnings).toContain('no-body')
    expect(mail.attachments).toEqual([])
  })

  it('keep the inner of two boundaries that begin alike', async () => {
    const mail = await readMail(
      utf8(
        'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\ninner\r\n--bb--\r\n--b\r\n\r\nouter\r\n--b--',
      ),
    )
    expect(mail.body.text).toBe('inner\nouter')
  })

  it('open messages in messages one by one, ten thousand deep', async () => {
    const mail = await readMail(utf8(`${'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000)}end`))
    expect(mail.attachments.map(({ content }) => content?.kind)).toEqual(['message'])
  })
})

function mailOf(type: string, content: string): ReturnType<typeof readMail> {
  return readMail(utf8(`Content-Type: ${type}; name=a\r\n\r\n${content}`))
}
