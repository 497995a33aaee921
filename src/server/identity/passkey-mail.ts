import type { Address } from '../../core/address/address.ts'
import { cleanName } from '../../core/address/clean-name.ts'
import { matchLocale, translator } from '../text/text.ts'
import type { SendMail } from './mail-relay.ts'
import type { PasscodeSender } from './passcode-mail.ts'

/** Says to the address itself that a passkey opens its messages from now on. */
export interface PasskeyNotice {
  readonly to: Address
  readonly organisationId: string
  /** BCP 47 tag of the reader's language. */
  readonly locale: string
}

export type SendPasskeyNotice = (notice: PasskeyNotice) => Promise<void>

/** A notice is worth sending as long as the relay is out for a day. */
const NOTICE_LIFETIME_MS = 24 * 60 * 60 * 1000

/** Writes notices of new passkeys. Plain, short, without a link. protocol.md §3 */
export function createPasskeyMailer(needs: {
  readonly send: SendMail
  readonly senderOf: (organisationId: string) => PasscodeSender
  readonly host: string
  readonly clock: () => number
}): SendPasskeyNotice {
  return async ({ to, organisationId, locale: wanted }) => {
    const sender = needs.senderOf(organisationId)
    const organisation = cleanName(sender.organisationName)
    const locale = matchLocale([wanted])
    const say = translator(locale)
    const dateMs = needs.clock()
    await needs.send({
      from: { name: organisation, address: sender.from },
      to,
      subject: say('passkeyMail.subject', { organisation }),
      text: [
        say('passkeyMail.intro', { organisation, host: needs.host }),
        say('passkeyMail.yours'),
        say('passkeyMail.notYou', { organisation }),
        organisation,
      ].join('\n\n'),
      locale,
      dateMs,
      expiresAtMs: dateMs + NOTICE_LIFETIME_MS,
    })
  }
}
