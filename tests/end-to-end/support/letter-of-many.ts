const remote = 'https://leaking.via'
const bad = `<script>alert(1)</script><img src="${remote}/inside" onerror="alert(2)">`

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

/** A tenth of a second of silence: 8,000 samples a second, 8 bits, one channel. */
function wave(): Buffer {
  const samples = 800
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples, 4)
  head.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, 8000],
    [28, 8000],
    [40, samples],
  ] as const)
    head.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    head.writeUInt16LE(value, at)
  head.write('data', 36)
  return Buffer.concat([head, Buffer.alloc(samples, 128)])
}

const html = `<!doctype html><head><link rel="stylesheet" href="${remote}/a.css">
<style>@font-face{font-family:f;src:url(${remote}/f.woff2)}p.loud{color:red;background:yellow}</style></head>
<body><p class="loud">Loud.</p><img src="${remote}/photo.jpg"><img src="${remote}/t.gif" width="1" height="1">
<table width="900"><tr><td>${'wide&nbsp;'.repeat(120)}</td></tr></table>
${'<p>A paragraph of the letter that takes its room on paper.</p>'.repeat(60)}
<div class="gmail_quote"><div>On Monday Bob wrote:</div><blockquote type="cite">
${'<p>An older message, quoted in full.</p>'.repeat(20)}<p id="needle">The needle in the quote.</p>${bad}</blockquote></div></body>`

const invitation = [
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Amsterdam',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
  'BEGIN:VEVENT',
  'UID:1@example.com',
  'SEQUENCE:2',
  'SUMMARY:Board meeting <img src=x onerror=alert(3)>',
  'LOCATION:Room 1',
  'URL:javascript:alert(4)',
  'DTSTART;TZID=Europe/Amsterdam:20261201T100000',
  'DTEND;TZID=Europe/Amsterdam:20261201T110000',
  'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=6',
  'ORGANIZER;CN=Alice de Vries:mailto:alice@example.com',
  'ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:bob@example.org',
  `DESCRIPTION:${bad}`,
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n')

const card = [
  'BEGIN:VCARD',
  'VERSION:4.0',
  'FN:Carol Jansen',
  'ORG:Hospital',
  'TITLE:Head of Cardiology',
  'TEL;TYPE=work:+31201234567',
  'EMAIL:carol@example.net',
  'URL:https://example.net/carol',
  'URL:javascript:alert(5)',
  `PHOTO:${remote}/photo`,
  `NOTE:${bad}`,
  'END:VCARD',
].join('\r\n')

interface Part {
  readonly type: string
  readonly name: string
  readonly content: Buffer | string
}

function partOf({ type, name, content }: Part, disposition: 'attachment' | 'inline'): string {
  const base64 = Buffer.from(content).toString('base64')
  return [
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Disposition: ${disposition}${name === '' ? '' : `; filename="${name}"`}`,
    'Content-Transfer-Encoding: base64',
    '',
    ...(base64.match(/.{1,76}/g) ?? []),
  ].join('\r\n')
}

function mixed(boundary: string, header: readonly string[], parts: readonly string[]): string {
  return [
    ...header,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary=${boundary}`,
    '',
    ...parts.flatMap(part => [`--${boundary}`, part]),
    `--${boundary}--`,
    '',
  ].join('\r\n')
}

function attachedMessage(name: string, mail: string): string {
  return [
    'Content-Type: message/rfc822',
    `Content-Disposition: attachment; filename="${name}"`,
    '',
    mail,
  ].join('\r\n')
}

/** A mail with everything that can be looked at, and in every corner of it something that means no good. */
export function letterOfMany(to: string): Buffer {
  const innermost = ['From: b@example.net', 'Subject: The innermost', '', 'x'].join('\r\n')
  const inner = mixed(
    '=_inner',
    [
      'From: "alice@example.com verified" <mallory@evil.example>',
      'Subject: Forwarded offer',
      'Date: Mon, 30 Nov 2026 10:00:00 +0100',
    ],
    [
      partOf({ type: 'text/html', name: '', content: `<p>Buy now${bad}` }, 'inline'),
      attachedMessage('Inner.eml', innermost),
    ],
  )
  const files: readonly Part[] = [
    { type: 'image/png', name: 'pixel.png', content: Buffer.from(pixel, 'base64') },
    { type: 'text/html', name: 'page.html', content: `<p>${bad}` },
    { type: 'application/octet-stream', name: 'tone.wav', content: wave() },
    {
      type: 'image/svg+xml',
      name: 'drawing.svg',
      content: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(6)"><image href="${remote}/svg"/></svg>`,
    },
    { type: 'text/calendar; method=REQUEST', name: 'invite.ics', content: invitation },
    { type: 'text/vcard', name: 'carol.vcf', content: card },
  ]
  return Buffer.from(
    mixed(
      '=_outer',
      [
        'From: Alice de Vries <alice@example.com>',
        `To: ${to}`,
        'Subject: A letter of many parts',
        'Date: Tue, 1 Dec 2026 09:00:00 +0100',
      ],
      [
        partOf({ type: 'text/html', name: '', content: html }, 'inline'),
        ...files.map(file => partOf(file, 'attachment')),
        attachedMessage('Outer.eml', inner),
      ],
    ),
  )
}
