import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../src/browser/viewer/mail/calendar/read-calendar.ts'
import { readContacts } from '../../src/browser/viewer/mail/contacts/read-contacts.ts'
import { startOfQuote } from '../../src/browser/viewer/mail/quotes/quote-start.ts'
import { readMail } from '../../src/browser/viewer/mail/read-mail.ts'
import { readReport } from '../../src/browser/viewer/mail/report/read-report.ts'
import { decompressRtf } from '../../src/browser/viewer/mail/winmail/decompress-rtf.ts'
import { readRtf } from '../../src/browser/viewer/mail/winmail/read-rtf.ts'
import { readWinmail } from '../../src/browser/viewer/mail/winmail/read-winmail.ts'
import * as written from '../browser/viewer/mail/winmail-writer.ts'
import { fuzzParameters, mutated } from './mutate.ts'

const calendars = [
  'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY:a\\,b\r\nDTSTART;TZID=X:20260115T120000\r\nDURATION:P1DT2H\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231\r\nRDATE;TZID=Europe/Paris:20260116T120000,20260117T120000\r\nATTENDEE;CN="a,b";PARTSTAT=ACCEPTED:mailto:a@b.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
  'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:99991231\nDTEND;VALUE=DATE:00010101\nEXDATE:00000101T000000Z\nEND:VEVENT\nEND:VCALENDAR',
].map(text => Buffer.from(text))

const cards = [
  'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a\r\nN:b;c;;;\r\nTEL;TYPE="work,cell";PREF=1:tel:1\r\nADR:;;a;b;c;d;e\r\nPHOTO:data:image/png;base64,iVBORw==\r\nBDAY:--0203\r\nEND:VCARD\r\n',
  'BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=\r\n=F6rg\r\nTEL;HOME;FAX:1\r\nPHOTO;JPEG;BASE64:/9j/\r\n 4AAQ\r\n\r\nEND:VCARD\r\n',
].map(text => Buffer.from(text))

const html = '<html><p>W&#246;rld {x}\n</p></html>'
const compressed = written.compressRtf(written.encapsulate(html))
const embedded = written.winmail(
  1252,
  written.messageProperties(written.unicode(0x0037, 'Inner'), written.unicode(0x1000, 'text')),
)
const winmails = [
  written.winmail(
    1252,
    written.messageProperties(
      written.unicode(0x001a, 'IPM.Schedule.Meeting.Request'),
      written.appointmentTime(0x820d, 1e12),
      written.namedText('Keywords', 'odd'),
      written.binary(0x1009, compressed),
      written.manyLongs(0x1234, 1, 2, 3),
    ),
    written.file({
      title: Buffer.from('a.txt'),
      data: Buffer.from('abc'),
      properties: [written.unicode(0x3707, 'long.txt')],
    }),
    written.file({ properties: [written.object(0x3701, embedded)] }),
  ),
  embedded,
]

const reports = [
  Buffer.from(
    'Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550\r\n  no\r\n',
  ),
]

const texts = [
  'Thanks\n\nOn 1 Jan 2024 at 10:00, Jane <a@b.example>\nwrote:\n> a\n>> b\n',
  'Thanks\n-----Original Message-----\nFrom: a\nTo: b\nSubject: c\n\nx',
].map(text => Buffer.from(text))

/** Never an exception, never more than a small multiple of what came in. */
function finds(
  what: string,
  seeds: readonly Uint8Array[],
  size: (bytes: Buffer) => number,
  factor: number,
): void {
  it(`fuzz: ${what}`, () => {
    fc.assert(
      fc.property(mutated(seeds), bytes => {
        expect(size(bytes)).toBeLessThanOrEqual(bytes.length * factor + 2000)
      }),
      fuzzParameters(),
    )
  })
}

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0

describe('files in mails', () => {
  finds('calendars', calendars, bytes => sizeOf(readCalendar(bytes, null)), 30)
  finds('cards', cards, bytes => sizeOf(readContacts(bytes, null)), 40)
  finds('reports', reports, bytes => sizeOf(readReport('message/delivery-status', bytes)), 40)
  finds('quotes', texts, bytes => startOfQuote(bytes.toString().split('\n')), 1)
  finds('compressed RTF', [compressed], bytes => decompressRtf(bytes)?.length ?? 0, 10)
  finds('RTF', [written.encapsulate(html)], bytes => sizeOf(readRtf(bytes)), 10)
  finds(
    'winmail.dat',
    winmails,
    bytes => {
      const { files = [], html: rich = '', text = '' } = readWinmail(bytes) ?? {}
      return (
        files.reduce((sum, file) => sum + file.bytes.length, 0) +
        (rich ?? '').length +
        (text ?? '').length
      )
    },
    20,
  )

  it('fuzz: mails with such files, to plain data', async () => {
    const mails = [
      ...[...calendars, ...cards, ...reports].map((bytes, i) =>
        Buffer.concat([
          Buffer.from(
            `Content-Type: ${['text/calendar', 'text/calendar', 'text/vcard', 'text/vcard', 'message/delivery-status'][i] ?? ''}; name=a\r\n\r\n`,
          ),
          bytes,
        ]),
      ),
      ...winmails.map(bytes =>
        Buffer.concat([
          Buffer.from('Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n'),
          bytes,
        ]),
      ),
      Buffer.from('Content-Type: message/partial; number=1; total=2\r\n\r\nx'),
    ]
    await fc.assert(
      fc.asyncProperty(mutated(mails), async bytes => {
        const mail = await readMail(Uint8Array.from(bytes))
        expect(structuredClone(mail).attachments).toEqual(mail.attachments)
      }),
      fuzzParameters(),
    )
  })
})
