import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMail } from '../../../../src/browser/viewer/mail/read-mail.ts'
import type { ReadMail } from '../../../../src/browser/viewer/mail/read-mail.ts'
import { MAX_UNPACKED_FILES } from '../../../../src/browser/viewer/mail/limits.ts'
import { decompressRtf } from '../../../../src/browser/viewer/mail/winmail/decompress-rtf.ts'
import { readRtf } from '../../../../src/browser/viewer/mail/winmail/read-rtf.ts'
import { readWinmail } from '../../../../src/browser/viewer/mail/winmail/read-winmail.ts'
import { utf8 } from './mail-text.ts'
import * as written from './winmail-writer.ts'

const { winmail, file, messageProperties, unicode, string8, binary } = written
const fileNames = (bytes: Uint8Array) => readWinmail(bytes)?.files.map(({ name }) => name)

/** A mail that carries a winmail.dat and a text. */
function mailWith(bytes: Buffer, text = ''): Promise<ReadMail> {
  return readMail(
    utf8(
      `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n` +
        `--b\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}\r\n--b--\r\n`,
    ),
  )
}

describe('readWinmail (MS-OXTNEF)', () => {
  it('gives any files back byte for byte, with their long names', () => {
    const written = fc.record({
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
        .filter(name => !name.includes('\0')),
      bytes: fc.uint8Array({ maxLength: 300 }),
      asProperty: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(written, { maxLength: 6 }), files => {
        const whole = winmail(
          1252,
          ...files.map(({ name, bytes, asProperty }) =>
            file({
              title: Buffer.from('SHORT~1.TXT'),
              ...(asProperty ? {} : { data: Buffer.from(bytes) }),
              properties: [
                unicode(0x3707, name),
                ...(asProperty ? [binary(0x3701, Buffer.from(bytes))] : []),
              ],
            }),
          ),
        )
        const read = readWinmail(whole)
        expect(read?.damaged).toBe(false)
        expect(read?.files.map(({ name, bytes }) => ({ name, bytes: [...bytes] }))).toEqual(
          files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
        )
      }),
    )
  })

  it('reads names in the code page of the file', () => {
    const name = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
    expect(fileNames(winmail(1251, file({ title: name })))).toEqual(['Привет'])
    expect(fileNames(winmail(1251, file({ properties: [string8(0x3704, name)] })))).toEqual([
      'Привет',
    ])
    expect(fileNames(winmail(932, file({ title: Buffer.from([0x83, 0x65]) })))).toEqual(['テ'])
    expect(fileNames(winmail(65_001, file({ title: Buffer.from('é') })))).toEqual(['é'])
  })

  it('reads past properties of every other kind', () => {
    const bytes = winmail(
      1252,
      messageProperties(
        written.manyLongs(0x1234, 1, 2, 3),
        written.namedText('Keywords', 'odd'),
        written.appointmentTime(0x9999, 0),
        written.long(0x0e07, 5),
        unicode(0x1000, 'The text'),
      ),
    )
    expect(readWinmail(bytes)).toMatchObject({ text: 'The text', damaged: false })
  })

  it('takes no notice of checksums, nor of what follows the last attribute', () => {
    const bytes = winmail(1252, file({ title: Buffer.from('a.txt'), data: Buffer.from('abc') }))
    bytes.writeUInt16LE(0xffff, bytes.length - 2)
    const read = readWinmail(Buffer.concat([bytes, Buffer.alloc(40)]))
    expect([read?.damaged, read?.files.length]).toEqual([false, 1])
  })

  it('gives what it can of a file that was cut off, and says so', () => {
    const whole = winmail(
      1252,
      file({ title: Buffer.from('a.txt'), data: Buffer.from('abc') }),
      file({ title: Buffer.from('b.txt'), data: Buffer.alloc(1000) }),
    )
    const read = readWinmail(whole.subarray(0, whole.length - 500))
    expect(read?.damaged).toBe(true)
    expect(Buffer.from(read?.files[0]?.bytes ?? []).toString()).toBe('abc')
  })

  it('is null for anything else', () => {
    for (const bytes of [new Uint8Array(), utf8('winmail'), Uint8Array.of(0x78, 0x9f, 0x3e)])
      expect(readWinmail(bytes)).toBeNull()
  })

  it('unpacks only so many files, and says so', () => {
    const many = Array.from({ length: MAX_UNPACKED_FILES + 1 }, () =>
      file({ data: Buffer.from('x') }),
    )
    const read = readWinmail(winmail(1252, ...many))
    expect([read?.files.length, read?.damaged]).toEqual([MAX_UNPACKED_FILES, true])
  })

  it('believes no length: of an attribute, a string, a list of values', () => {
    const huge = Buffer.concat([
      written.u32(1),
      written.u32(0x1f | (0x1000 << 16)),
      written.u32(0xffffffff),
    ])
    for (const data of [
      huge,
      Buffer.from('ffffffff', 'hex'),
      Buffer.concat([written.u32(1), written.u32(0x1003), written.u32(0xffffffff)]),
    ])
      expect(readWinmail(winmail(1252, written.attribute(1, 0x69003, data)))?.damaged).toBe(true)
    expect(
      readWinmail(Buffer.concat([winmail(1252), Buffer.from('01039006ffffffffff', 'hex')]))
        ?.damaged,
    ).toBe(true)
  })
})

describe('the RTF of a winmail.dat (MS-OXRTFCP, MS-OXRTFEX)', () => {
  it('is decompressed to what was compressed', () => {
    const words = fc.constantFrom('{\\rtf1', '\\par ', 'aaaaaaaaaaaaaaaa', '\\b0 ', 'x', '}', 'é')
    fc.assert(
      fc.property(fc.array(words, { maxLength: 400 }), pieces => {
        const rtf = Buffer.from(pieces.join(''))
        expect(Buffer.from(decompressRtf(written.compressRtf(rtf)) ?? [])).toEqual(rtf)
      }),
      { numRuns: 50 },
    )
  })

  it('is decompressed as in the example of the specification (§4.1)', () => {
    const bytes = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232' +
        '0af32068656c090020627705b06c647d0a800fa0',
      'hex',
    )
    expect(Buffer.from(decompressRtf(bytes) ?? []).toString('latin1')).toBe(
      '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n',
    )
  })

  it('may stand uncompressed', () => {
    const rtf = Buffer.from('{\\rtf1 x}')
    const bytes = Buffer.concat([
      written.u32(rtf.length + 12),
      written.u32(rtf.length),
      written.u32(0x414c454d),
      written.u32(0),
      rtf,
    ])
    expect(Buffer.from(decompressRtf(bytes) ?? [])).toEqual(rtf)
  })

  it('is not made when it would be huge, and null when it is none', () => {
    const huge = Buffer.concat([
      written.u32(20),
      written.u32(0x7fffffff),
      written.u32(0x75465a4c),
      written.u32(0),
    ])
    expect(decompressRtf(huge)).toBeNull()
    expect(decompressRtf(utf8('nothing of the kind'))).toBeNull()
    expect(decompressRtf(new Uint8Array())).toBeNull()
  })

  it('gives back the HTML that was wrapped in it', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '漢', '{', '}', '\\', '\n', '\t', ' ', '…'),
    })
    const html = fc
      .array(
        fc.oneof(text, fc.constantFrom('<p class="x">', '</p>', '<br>', '&nbsp;', '&amp;', '&lt;')),
      )
      .map(pieces => `<html>${pieces.join('')}</html>`)
    fc.assert(
      fc.property(html, source => {
        expect(readRtf(written.encapsulate(source))).toEqual({ kind: 'html', html: source })
      }),
    )
  })

  it.each([
    ['paragraphs and symbols', '{\\rtf1 a\\par b\\~c\\emdash d\\{\\}\\\\}', 'a\nb\u00a0c—d{}\\'],
    [
      'nothing of fonts, colours, pictures and what may be skipped',
      '{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\pict 0102}{\\*\\generator X;}a}',
      'a',
    ],
    ['characters of its code page, two bytes for one', "{\\rtf1\\ansicpg932 \\'83\\'65}", 'テ'],
    [
      'characters of the font',
      "{\\rtf1\\ansicpg1252{\\fonttbl{\\f1\\fcharset204 Arial;}}\\'e9{\\f1 \\'e9}\\'e9}",
      'éйé',
    ],
    [
      'Unicode, without what stands in for it',
      '{\\rtf1\\uc2 \\u8364 xy!{\\uc0\\u-10179\\u-8704}}',
      '€!😀',
    ],
    ['text around binary data', '{\\rtf1 a{\\pict\\bin3 }}}}b}', 'ab'],
    ['what nobody closed', '{\\rtf1 a{\\b b', 'ab'],
  ])('has as its text %s', (_what, rtf, text) => {
    expect(readRtf(Buffer.from(rtf, 'latin1'))).toEqual({ kind: 'text', text })
  })

  it('makes no tags of its text', () => {
    const rtf = Buffer.from(
      '{\\rtf1\\fromhtml1 {\\*\\htmltag64 <p>}1 < 2 & 3{\\*\\htmltag72 </p>}}',
    )
    expect(readRtf(rtf)).toEqual({ kind: 'html', html: '<p>1 &lt; 2 &amp; 3</p>' })
  })
})

describe('a mail with a winmail.dat', () => {
  const picture = file({
    title: Buffer.from('a.png'),
    data: Buffer.from('PNG'),
    properties: [unicode(0x3712, '<pic@x>'), unicode(0x370e, 'image/png')],
  })
  const html = '<html><body><p>Hello <b>W&#246;rld</b></p><img src="cid:pic@x"></body></html>'
  const rich = winmail(
    1252,
    messageProperties(binary(0x1009, written.compressRtf(written.encapsulate(html)))),
    picture,
  )

  it('lists its files behind it, and keeps it', async () => {
    const mail = await mailWith(
      winmail(1252, file({ title: Buffer.from('../CON.txt'), data: Buffer.from('abc') })),
      'Hi',
    )
    expect(
      mail.attachments.map(({ name, unpackedFrom, content }) => [name, unpackedFrom, content]),
    ).toEqual([
      ['winmail.dat', null, { kind: 'winmail', files: 1, damaged: false }],
      ['_CON.txt', 'winmail.dat', null],
    ])
    expect(mail.body.text).toBe('Hi')
  })

  it('has the text of it when it has none of its own, pictures too', async () => {
    const mail = await mailWith(rich)
    expect(mail.body.sections).toEqual([{ html, text: null }])
    expect(mail.inline.get('pic@x')?.type).toBe('image/png')
    expect(mail.attachments.map(({ name, inline }) => [name, inline])).toEqual([
      ['winmail.dat', false],
      ['a.png', true],
    ])
    expect(mail.warnings).not.toContain('no-body')
  })

  it('takes the form of it for the same words, and keeps its own text for others', async () => {
    expect((await mailWith(rich, 'Hello  Wörld')).body).toMatchObject({
      html,
      text: 'Hello  Wörld',
    })
    const other = await mailWith(rich, 'Hello World')
    expect(other.body).toMatchObject({ html: null, text: 'Hello World' })
    expect(other.attachments.some(({ inline }) => inline)).toBe(false)
  })

  it('opens a message that is inside as a message', async () => {
    const inner = winmail(
      1252,
      messageProperties(
        unicode(0x0037, 'Inner\r\nBcc: x@evil.example'),
        unicode(0x0c1a, 'Jané'),
        unicode(0x5d01, 'jane@example.com'),
        written.time(0x0039, Date.UTC(2026, 0, 2, 3, 4, 5)),
        unicode(0x1000, 'Inner text'),
      ),
      file({ title: Buffer.from('inner.bin'), data: Buffer.from([0, 255]) }),
    )
    const mail = await mailWith(
      winmail(1252, file({ properties: [written.object(0x3701, inner), written.long(0x3705, 5)] })),
    )
    const part = mail.attachments[1]
    expect([part?.type, part?.content]).toEqual(['message/rfc822', { kind: 'message' }])
    const opened = await readMail(part?.bytes ?? new Uint8Array())
    expect(opened.subject).toBe('Inner Bcc: x@evil.example')
    expect(opened.from).toMatchObject([{ name: 'Jané', address: 'jane@example.com' }])
    expect(opened.date.ms).toBe(Date.UTC(2026, 0, 2, 3, 4, 5))
    expect(opened.body.text).toBe('Inner text')
    expect([...(opened.attachments[1]?.bytes ?? [])]).toEqual([0, 255])
  })

  it('shows a meeting request as an event, with a calendar file', async () => {
    const meeting = winmail(
      1252,
      messageProperties(
        unicode(0x001a, 'IPM.Schedule.Meeting.Request'),
        unicode(0x0037, 'Plan, a; b\nEND:VEVENT'),
        unicode(0x0042, 'Jane "X" Doe'),
        unicode(0x5d02, 'jane@example.com'),
        written.appointmentTime(0x820d, Date.UTC(2026, 5, 1, 9)),
        written.appointmentTime(0x820e, Date.UTC(2026, 5, 1, 10)),
        written.appointmentText(0x8208, 'Room\r\nX'),
      ),
    )
    const mail = await mailWith(meeting, 'Please come')
    expect(mail.attachments.map(({ name }) => name)).toEqual(['winmail.dat', 'invite.ics'])
    expect(mail.invitation?.calendar).toMatchObject({
      method: 'request',
      events: [
        {
          summary: 'Plan, a; b END:VEVENT',
          location: 'Room X',
          organiser: { name: 'Jane X Doe', address: 'jane@example.com' },
          start: { ms: Date.UTC(2026, 5, 1, 9) },
          end: { ms: Date.UTC(2026, 5, 1, 10) },
        },
      ],
      more: 0,
    })
  })

  it('is known by its first bytes, whatever it is called', async () => {
    const bytes = winmail(1252, file({ title: Buffer.from('a.txt') }))
    const mail = await readMail(
      utf8(
        `Content-Type: application/octet-stream; name="noname.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`,
      ),
    )
    expect(mail.attachments.map(({ name }) => name)).toEqual(['noname.dat', 'a.txt'])
  })

  it('that is none stays a file', async () => {
    const mail = await mailWith(Buffer.from('not at all'), 'Hi')
    expect(mail.attachments.map(({ name, content }) => [name, content])).toEqual([
      ['winmail.dat', null],
    ])
  })
})
