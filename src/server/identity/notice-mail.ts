import type { Address } from '../../core/address/address.ts'
import { cleanName } from '../../core/address/clean-name.ts'
import { matchLocale, translator } from '../text/text.ts'
import type { SendMail } from './mail-relay.ts'
import type { PasscodeSender } from './passcode-mail.ts'

/** Says to an address itself what opens its messages from now on. */
export interface Notice {
  readonly to: Address
  readonly organisationId: string
  /** BCP 47 tag of the reader's language. */
  readonly locale: string
}

export interface NoticeNeeds {
  readonly send: SendMail
  readonly senderOf: (organisationId: string) => PasscodeSender
  readonly host: string
  readonly clock: () => number
}

/** The words of a notice, in its reader's language. */
export interface NoticeWords {
  readonly subject: string
  readonly paragraphs: readonly string[]
}

export type WriteNotice<N extends Notice> = (
  notice: N,
  say: ReturnType<typeof translator>,
  names: { readonly organisation: string; readonly host: string },
) => NoticeWords

/** A notice is worth sending as long as the relay is out for a day. */
const NOTICE_LIFETIME_MS = 24 * 60 * 60 * 1000

/** Sends notices: plain, short, without a link. protocol.md §3 */
export function createNoticeMailer<N extends Notice>(
  needs: NoticeNeeds,
  writeNotice: WriteNotice<N>,
): (notice: N) => Promise<void> {
  return async notice => {
    const sender = needs.senderOf(notice.organisationId)
    const organisation = cleanName(sender.organisationName)
    const locale = matchLocale([notice.locale])
    const names = { organisation, host: needs.host }
    const { subject, paragraphs } = writeNotice(notice, translator(locale), names)
    const dateMs = needs.clock()
    await needs.send({
      from: { name: organisation, address: sender.from },
      to: notice.to,
      subject,
      text: [...paragraphs, organisation].join('\n\n'),
      locale,
      dateMs,
      expiresAtMs: dateMs + NOTICE_LIFETIME_MS,
    })
  }
}
