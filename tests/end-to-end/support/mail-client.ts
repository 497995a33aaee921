import { createTransport } from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'
import { readMail, readMailHeader } from '../../../src/server/demo/read-mail.ts'
import type { ReadMail } from '../../../src/server/demo/read-mail.ts'
import type { ListedMail } from '../../support/test-installation.ts'
import type { Mailboxes } from './reader.ts'

/** A mail as a mail program sees it. */
export interface ReceivedMail extends ReadMail {
  readonly messageId: string
  readonly inReplyTo: string
  readonly references: readonly string[]
  readonly raw: Buffer
}

/** Hands a mail to the gateway, as any mail program does. */
export async function submit(port: number, mail: SendMailOptions): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    name: 'localhost',
  })
  try {
    await transport.sendMail(mail)
  } finally {
    transport.close()
  }
}

/** Everything in the mailbox of an address, oldest first; mails of the portal itself left out. */
export async function receivedBy(
  mailboxes: Pick<Mailboxes, 'listMails' | 'mailboxApi'>,
  to: string,
): Promise<readonly ReceivedMail[]> {
  const listed = (await mailboxes.listMails(to)).toReversed()
  const mails = await Promise.all(listed.map(mail => receive(mailboxes, mail)))
  return mails.filter(({ from }) => from[0]?.address.startsWith('no-reply@') !== true)
}

async function receive(
  { mailboxApi }: Pick<Mailboxes, 'mailboxApi'>,
  { id }: ListedMail,
): Promise<ReceivedMail> {
  const answer = await fetch(`${mailboxApi}/api/messages/${id}/raw`)
  const raw = Buffer.from(await answer.arrayBuffer())
  const { messageId } = await readMailHeader(raw)
  return {
    ...(await readMail(raw)),
    messageId,
    inReplyTo: idsIn(raw, 'In-Reply-To')[0] ?? '',
    references: idsIn(raw, 'References'),
    raw,
  }
}

/** Ids of a header field, unfolded. RFC 5322 §3.6.4 */
function idsIn(raw: Buffer, name: string): readonly string[] {
  const header = raw.toString('latin1', 0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n(?=[ \t])/g, '')
  const value = new RegExp(`^${name}:(.*)$`, 'im').exec(header)?.[1] ?? ''
  return value.match(/<[^<>\s]+>/g) ?? []
}

/** What a mail program writes into the header of an answer. */
export const answerTo = (
  mail: ReceivedMail,
): Required<Pick<SendMailOptions, 'inReplyTo' | 'references' | 'to' | 'subject'>> => ({
  inReplyTo: mail.messageId,
  references: [...mail.references, mail.messageId],
  to: (mail.replyTo.length > 0 ? mail.replyTo : mail.from).map(({ address }) => address),
  subject: mail.subject.startsWith('Re:') ? mail.subject : `Re: ${mail.subject}`,
})
