import { submitMail } from './submit-mail.ts'
import type { RoutedMail, RoutedRefusal } from './mail-sink.ts'
import type { GatewayAddress } from './submit-mail.ts'

/** What a mail server writes on top of a mail that it passes on. RFC 5321 §4.4 */
const received = (nowMs: number): string =>
  `Received: by mailbox.localhost; ${new Date(nowMs).toUTCString().replace('GMT', '+0000')}\r\n`

/**
 * Hands a mail to the server that another domain's mail is routed to, as it came in.
 * @returns the reply code and words of that server when it refused anyone; null when it took the mail for all
 */
export async function handOn(
  server: GatewayAddress,
  mail: RoutedMail,
  nowMs: number,
): Promise<RoutedRefusal | null> {
  const answer = await submitMail(server, {
    envelope: { from: mail.from, to: [...mail.to] },
    raw: Buffer.concat([Buffer.from(received(nowMs)), mail.raw]),
  })
  const words = answer.accepted ? (answer.refused[0] ?? '') : answer.reply
  if (words === '' && answer.accepted) return null
  const [, code = '451', rest = words] = /^([45]\d\d)[ -](.*)$/s.exec(words) ?? []
  return { code: Number(code), words: rest }
}
