import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { bytesOf, read, utf8 } from './mail-text.ts'

function mixed(...parts: readonly string[]): Uint8Array {
  const lines = parts.flatMap(part => ['--b', part])
  return bytesOf('Content-Type: multipart/mixed; boundary=b', '', ...lines, '--b--', '')
}

describe('line ends', () => {
  const lines = [
    'Subject: s',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'text',
    '--b',
    'Content-Type: image/png',
    '',
    'png',
    '--b--',
    '',
  ]

  it.each(['\r\n', '\n', '\r'])('%j is read alike everywhere', end => {
    const mail = parseMail(utf8(lines.join(end)))
    expect(mail.subject).toBe('s')
    expect(mail.body.text).toBe('text')
    expect(mail.attachments.map(part => part.bytes)).toEqual([utf8('png')])
    expect(mail.warnings).toEqual([])
  })
})

describe('multiparts', () => {
  it('give the line end before a delimiter to the delimiter, and no other', () => {
    const mail = parseMail(
      mixed('Content-Type: a/b\r\n\r\n\r\nx\r\n\r\n', 'Content-Type: a/b\r\n\r\n'),
    )
    expect(mail.attachments.map(part => part.bytes)).toEqual([utf8('\r\nx\r\n\r\n'), utf8('')])
  })

  it('take only a whole line for a delimiter', () => {
    const mail = parseMail(mixed('\r\n--bx\r\n --b\r\n-b\r\nx--b\r\n--\r\n---b'))
    expect(mail.body.text).toBe('--bx\n --b\n-b\nx--b\n--\n---b')
  })

  it('allow blanks after a delimiter', () => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b \t',
      '',
      'a',
      '--b-- ',
      'epilogue',
    )
    expect(mail.body.text).toBe('a')
  })

  it('end with the outer one, even when the inner one never ends', () => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=out',
      '',
      '--out',
      'Content-Type: multipart/mixed; boundary=in',
      '',
      '--in',
      '',
      'inner',
      '--out',
      'Content-Type: a/b',
      '',
      'file',
      '--out--',
    )
    expect(mail.body.text).toBe('inner')
    expect(mail.attachments).toHaveLength(1)
    expect(mail.warnings).toEqual(['bad-boundary'])
  })

  it('with the same boundary inside and outside give it to the inner one', () => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'one',
      '--b--',
      '--b',
      '',
      'two',
      '--b--',
    )
    expect(mail.body.text).toBe('one\ntwo')
  })

  it('whose boundary starts like another are kept apart', () => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/mixed; boundary=b--',
      '',
      '--b--',
      '',
      'one',
      '--b----',
      '--b',
      '',
      'two',
      '--b--',
    )
    expect(mail.body.text).toBe('one\ntwo')
  })

  it('skip parts of nothing, and read a part without a header', () => {
    expect(parseMail(mixed('--b', '', '\r\ntext')).body.text?.trim()).toBe('text')
  })

  it('end a header that has no end at the next delimiter', () => {
    const mail = parseMail(mixed('Content-Type: a/b; name=x', 'Content-Type: text/plain\r\n\r\nt'))
    expect(mail.attachments.map(part => [part.name, part.bytes.length])).toEqual([['x', 0]])
    expect(mail.body.text).toBe('t')
  })

  it('of a digest hold messages unless they say otherwise', () => {
    const mail = read(
      'Content-Type: multipart/digest; boundary=b',
      '',
      '--b',
      '',
      'Subject: inner',
      '',
      'x',
      '--b--',
    )
    expect(mail.attachments.map(part => [part.type, part.name])).toEqual([
      ['message/rfc822', 'inner.eml'],
    ])
  })

  it('that nothing divides are shown as they stand', () => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=wrong',
      '',
      '--right',
      '',
      'text',
      '--right--',
    )
    expect(mail.body.text).toContain('text')
    expect(mail.warnings).toContain('bad-boundary')
  })

  it('without a boundary are shown as they stand', () => {
    const mail = read('Content-Type: multipart/mixed', '', 'text')
    expect([mail.body.text, mail.warnings]).toEqual(['text', ['bad-boundary']])
  })
})

describe('the body', () => {
  const html = 'Content-Type: text/html\r\n\r\n<b>html</b>'
  const text = 'Content-Type: text/plain\r\n\r\ntext'

  function bodyOf(type: string, ...parts: readonly string[]): unknown {
    const lines = parts.flatMap(part => ['--b', part])
    const { body } = read(`Content-Type: multipart/${type}; boundary=b`, '', ...lines, '--b--')
    return [body.html, body.text]
  }

  it('of alternatives is HTML with the text beside it, in any order', () => {
    expect(bodyOf('alternative', text, html)).toEqual(['<b>html</b>', 'text'])
    expect(bodyOf('alternative', html, text)).toEqual(['<b>html</b>', 'text'])
  })

  it('is the last HTML of several', () => {
    expect(bodyOf('alternative', html, 'Content-Type: text/html\r\n\r\n2')).toEqual(['2', null])
  })

  it('is text when the HTML is empty', () => {
    expect(bodyOf('alternative', text, 'Content-Type: text/html\r\n\r\n \r\n')).toEqual([
      null,
      'text',
    ])
  })

  it('prefers plain text to kinds that it cannot format', () => {
    const amp = 'Content-Type: text/x-amp-html\r\n\r\n<amp>'
    const enriched = 'Content-Type: text/enriched\r\n\r\n<bold>'
    expect(bodyOf('alternative', text, amp, html)).toEqual(['<b>html</b>', 'text'])
    expect(bodyOf('alternative', text, enriched)).toEqual([null, 'text'])
    expect(bodyOf('alternative', enriched)).toEqual([null, '<bold>'])
  })

  it('of a mixed is all its texts in order, each a section of its own', () => {
    const mail = parseMail(mixed('Content-Type: text/html\r\n\r\n<i><!--', '\r\nfooter <x>'))
    expect(mail.body.sections).toEqual([
      { html: '<i><!--', text: null },
      { html: null, text: 'footer <x>' },
    ])
    expect(mail.body.html).toBe('<i><!--')
    expect(mail.body.text).toBeNull()
  })

  it('of a related is its root, wherever it stands', () => {
    const mail = read(
      'Content-Type: multipart/related; boundary=b; start="<root>"',
      '',
      '--b',
      'Content-Type: image/png',
      'Content-ID: <pic>',
      '',
      'png',
      '--b',
      'Content-Type: text/html',
      'Content-ID: <root>',
      '',
      '<img src="cid:pic">',
      '--b--',
    )
    expect(mail.body.html).toBe('<img src="cid:pic">')
    expect(mail.inline.get('pic')?.bytes).toEqual(utf8('png'))
    expect(mail.attachments.map(part => part.inline)).toEqual([true])
  })

  it('does not show a text that the HTML refers to as a file', () => {
    const css = 'Content-Type: text/css\r\nContent-ID: <css>\r\n\r\np{}'
    expect(bodyOf('related', html, css)).toEqual(['<b>html</b>', null])
  })

  it('is a text with a file name when there is no other, and a file too', () => {
    const mail = read('Content-Type: text/plain; name=a.txt', '', 'hello')
    expect([mail.body.text, mail.attachments[0]?.name]).toEqual(['hello', 'a.txt'])
  })

  it('is an alternative with a file name, which is a file too', () => {
    const named = 'Content-Type: text/html; name=mail.html\r\n\r\n<i>named</i>'
    expect(bodyOf('alternative', text, named)).toEqual(['<i>named</i>', 'text'])
  })

  it('is never an attachment', () => {
    const mail = read('Content-Type: text/plain', 'Content-Disposition: attachment', '', 'hello')
    expect([mail.body.text, mail.warnings]).toEqual([null, ['no-body']])
  })

  it('joins flowed lines and keeps their quotes', () => {
    const mail = read(
      'Content-Type: text/plain; format=flowed',
      '',
      'one ',
      'two',
      '> q ',
      '> r',
      ' From',
      '-- ',
      'me',
    )
    expect(mail.body.text).toBe('one two\n> q r\nFrom\n-- \nme')
  })

  it('deletes the blank at soft line ends when told so', () => {
    const mail = read('Content-Type: text/plain; format=flowed; delsp=yes', '', 'so ', 'ft')
    expect(mail.body.text).toBe('soft')
  })

  it('names a charset in the HTML when the header does not', () => {
    const mail = read('Content-Type: text/html', '', '<meta charset="koi8-r">\xed')
    expect(mail.body.html).toContain('М')
  })

  it('is empty for an empty mail, which is said', () => {
    const mail = parseMail(new Uint8Array())
    expect([mail.body, mail.warnings]).toEqual([
      { html: null, text: '', sections: [{ html: null, text: '' }] },
      ['no-body'],
    ])
  })
})

describe('files', () => {
  it('are everything that is no text, or has a name, or is attached', () => {
    const mail = parseMail(
      mixed(
        '\r\nbody',
        'Content-Type: image/png\r\n\r\n1',
        'Content-Type: text/plain; name=n.txt\r\n\r\n2',
        'Content-Disposition: attachment\r\n\r\n3',
        'Content-Type: text/x-log\r\n\r\nshown',
      ),
    )
    expect(mail.attachments.map(part => part.name)).toEqual([
      'attachment-1.png',
      'n.txt',
      'attachment-3.txt',
    ])
    expect(mail.body.text).toBe('body\nshown')
  })

  it('take the name of the disposition before that of the type', () => {
    const mail = read(
      'Content-Type: a/b; name=old',
      'Content-Disposition: inline; filename=new',
      '',
      'x',
    )
    expect(mail.attachments[0]).toMatchObject({
      name: 'new',
      givenName: 'new',
      disposition: 'inline',
    })
  })

  it('of a report are named after what they are', () => {
    const mail = parseMail(mixed('Content-Type: message/delivery-status\r\n\r\nAction: failed'))
    expect(mail.attachments.map(part => part.name)).toEqual(['delivery-status.txt'])
  })

  it('include an invitation once, whether it is attached or an alternative', () => {
    const loose = parseMail(
      mixed('Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR'),
    )
    const attached = parseMail(
      mixed('Content-Type: text/calendar; name=i.ics\r\n\r\nBEGIN:VCALENDAR'),
    )
    expect([loose.attachments.length, loose.calendar?.name]).toEqual([0, 'invite.ics'])
    expect(attached.calendar).toBe(attached.attachments[0])
  })

  it('written into the text by uuencode are taken out of it', () => {
    const mail = read('', 'before', 'begin 644 a.txt', '#0V%T', '`', 'end', 'after')
    expect(mail.body.text).toBe('before\nafter')
    expect(mail.attachments.map(part => [part.name, part.bytes])).toEqual([['a.txt', utf8('Cat')]])
  })
})

describe('line ends and NUL', () => {
  it.each(['utf-8', 'iso-2022-jp', 'utf-16'])('are LF alone, and none, in %s', charset => {
    const text = 'a\r\nb\rc\nd\0\r\r\ne'
    const body = charset === 'utf-16' ? `\xff\xfe${text.replaceAll(/./gs, '$&\0')}` : text
    const mail = read(`Content-Type: text/plain; charset=${charset}`, '', body)
    expect(mail.body.text).toBe('a\nb\nc\nd\n\ne')
  })
})

describe('the header', () => {
  it('gives the date in milliseconds, and as written', () => {
    const ms = (date: string) => read(`Date: ${date}`, '', 'x').date.ms
    expect(ms('Fri, 21 Nov 1997 09:55:06 -0600')).toBe(880_127_706_000)
    expect(ms('21 Nov 97 09:55:06 (comment) GMT')).toBe(880_106_106_000)
    expect(ms('Fri, 21 Nov 1997 09:55 EST')).toBe(880_124_100_000)
    expect(ms('yesterday')).toBeNull()
    expect(ms('Fri, 99 Nov 1997 09:55:06 +0000')).toBeNull()
    expect(read('Date: yesterday', '', 'x').date.text).toBe('yesterday')
  })

  it('goes on behind lines that are no fields when a known field follows', () => {
    const mail = read('From: a@b.example', 'no field', 'Subject: s', '', 'body')
    expect([mail.subject, mail.body.text, mail.warnings]).toEqual([
      's',
      'body',
      ['malformed-header'],
    ])
  })

  it('ends where the empty line was forgotten', () => {
    expect(read('Subject: s', 'Hello', 'you').body.text).toBe('Hello\nyou')
  })

  it('ends at an empty first line', () => {
    expect(read('', 'Subject: s', '', 'x')).toMatchObject({
      subject: '',
      body: { text: 'Subject: s\n\nx' },
    })
  })

  it('may start with the line of an mbox', () => {
    expect(read('From a@b.example Fri Nov 21 1997', 'Subject: s', '', 'x').subject).toBe('s')
  })

  it('keeps what a reply needs', () => {
    const mail = read('Message-ID: <1@a>', 'References: <0@a>', ' <9@a>', '', 'x')
    expect([mail.messageId, mail.references]).toEqual(['<1@a>', '<0@a> <9@a>'])
  })
})
