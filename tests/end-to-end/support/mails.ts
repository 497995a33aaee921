import { randomBytes } from 'node:crypto'

/** A picture: 1 × 1, red. */
export const tinyPng: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
)

/** A mail written by hand, with what a mail program would rarely do: 8-bit text, lines of dots, an odd file name. */
export function handWrittenMail(to: string, subject: string): { raw: Buffer; file: Buffer } {
  const file = randomBytes(3000)
  const raw = Buffer.from(
    [
      'From: Alice de Vries <alice@example.com>',
      `To: Bob Jansen <${to}>`,
      `Subject: ${subject}`,
      'Date: Sat, 21 Nov 2026 10:00:00 +0100',
      `Message-ID: <${randomBytes(8).toString('hex')}@example.com>`,
      'X-Secret-Header: not for the wrapper',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b-1"',
      '',
      'a preamble that belongs to the original',
      '--b-1',
      'Content-Type: multipart/related; boundary="b-2"',
      '',
      '--b-2',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      '<p>Dear Bob, the crème brûlée is <b>ready</b>.</p><img src="cid:red@example.com" alt="red dot">',
      '.',
      '..two dots',
      '--b-2',
      'Content-Type: image/png',
      'Content-ID: <red@example.com>',
      'Content-Transfer-Encoding: base64',
      '',
      tinyPng.toString('base64'),
      '--b-2--',
      '--b-1',
      "Content-Disposition: attachment; filename*=UTF-8''r%C3%A9sum%C3%A9%20%28final%29.bin",
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      '',
      ...(file.toString('base64').match(/.{1,76}/g) ?? []),
      '--b-1',
      'Content-Disposition: attachment; filename="notes.txt"',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'first line',
      '.hidden dot: é',
      '--b-1--',
      'an epilogue, too',
      '',
    ].join('\r\n'),
    'utf8',
  )
  return { raw, file }
}
