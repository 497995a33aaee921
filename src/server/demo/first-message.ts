import { readFile } from 'node:fs/promises'
import { translator } from '../text/text.ts'
import { submitMail } from './submit-mail.ts'
import type { GatewayAddress } from './submit-mail.ts'

export interface FirstMessage {
  readonly gateway: GatewayAddress
  /** BCP 47 tag; English when there is no such language. */
  readonly locale?: string
}

/**
 * The mail that a newcomer finds: from alice@example.com to bob@example.org, through the gateway like any other.
 * @throws Error with the gateway's words when it did not take the mail
 */
export async function sendFirstMessage({ gateway, locale = 'en' }: FirstMessage): Promise<void> {
  const answer = await submitMail(gateway, {
    from: { name: 'Alice de Vries', address: 'alice@example.com' },
    to: { name: 'Bob Jansen', address: 'bob@example.org' },
    ...(await firstMessageContent(locale)),
  })
  if (!answer.accepted)
    throw new Error(`the gateway did not take the first message: ${answer.reply}`)
}

async function firstMessageContent(locale: string): Promise<object> {
  const text = translator(locale)
  const paragraphs = [
    text('mailbox.firstGreeting'),
    text('mailbox.firstHello'),
    text('mailbox.firstHow'),
    text('mailbox.firstTry'),
  ]
  const close = [text('mailbox.firstClose'), 'Alice']
  return {
    subject: text('mailbox.firstSubject'),
    text: [...paragraphs, close.join('\n')].join('\n\n'),
    html: [
      '<div style="font-family: Georgia, serif; font-size: 17px; line-height: 1.55">',
      ...paragraphs.map(paragraph => `<p>${escapeText(paragraph)}</p>`),
      `<p>${close.map(escapeText).join('<br>')}</p>`,
      `<p><img src="cid:seal@example.com" alt="${escapeText(text('mailbox.firstPicture'))}" width="120" height="124"></p>`,
      '</div>',
    ].join('\n'),
    attachments: [
      {
        filename: 'seal.png',
        content: await asset('seal.png'),
        contentType: 'image/png',
        contentDisposition: 'inline',
        cid: 'seal@example.com',
      },
      {
        filename: 'A message on its way.pdf',
        content: await asset('way.pdf'),
        contentType: 'application/pdf',
      },
    ],
  }
}

const asset = (name: string): Promise<Buffer> =>
  readFile(new URL(`assets/${name}`, import.meta.url))

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
