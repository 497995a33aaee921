import { parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { cleanName } from '../../../core/address/clean-name.ts'
import { matchLocale, translator } from '../../text/text.ts'
import type { SendMail } from '../mail-relay.ts'
import type { PasscodeSender } from '../passcode-mail.ts'

/** Says to the address itself that an account opens its messages from now on. */
export interface AssociationNotice {
  readonly to: Address
  readonly organisationId: string
  /** Name of the provider. */
  readonly provider: string
  /** What the provider calls the account; said only when it is an address. */
  readonly account: string
  /** BCP 47 tag of the reader's language. */
  readonly locale: string
}

export type SendAssociationNotice = (notice: AssociationNotice) => Promise<void>

/** A notice is worth sending as long as the relay is out for a day. */
const NOTICE_LIFETIME_MS = 24 * 60 * 60 * 1000

/** Writes notices of new associations. Plain, short, without a link. protocol.md §3 */
export function createAssociationMailer(needs: {
  readonly send: SendMail
  readonly senderOf: (organisationId: string) => PasscodeSender
  readonly host: string
  readonly clock: () => number
}): SendAssociationNotice {
  return async ({ to, organisationId, provider, account, locale: wanted }) => {
    const sender = needs.senderOf(organisationId)
    const organisation = cleanName(sender.organisationName)
    const locale = matchLocale([wanted])
    const say = translator(locale)
    // Anything else could be words of a stranger in a mail of ours.
    const address = parseAddress(account)
    const dateMs = needs.clock()
    await needs.send({
      from: { name: organisation, address: sender.from },
      to,
      subject: say('associationMail.subject', { organisation }),
      text: [
        say('associationMail.intro', { organisation, provider, host: needs.host }),
        ...(address === null ? [] : [say('associationMail.account', { account: address })]),
        say('associationMail.yours'),
        say('associationMail.notYou', { organisation }),
        organisation,
      ].join('\n\n'),
      locale,
      dateMs,
      expiresAtMs: dateMs + NOTICE_LIFETIME_MS,
    })
  }
}
