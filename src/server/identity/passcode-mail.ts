import type { Address } from '../../core/address/address.ts'
import { cleanName } from '../../core/address/clean-name.ts'
import { matchLocale, translator } from '../text/text.ts'
import { PASSCODE_LIFETIME_MS } from './limits.ts'
import type { Delivered, SendMail } from './mail-relay.ts'

/** A code on its way to one person. */
export interface PasscodeToSend {
  readonly to: Address
  readonly code: string
  readonly reference: string
  readonly organisationId: string
  readonly expiresAtMs: number
  /** BCP 47 tag of the reader's language. */
  readonly locale: string
}

export type SendPasscode = (passcode: PasscodeToSend) => Promise<Delivered>

/** Whom the mail comes from. */
export interface PasscodeSender {
  readonly organisationName: string
  /** `portal.mail.from`, or no-reply at the organisation's first domain. */
  readonly from: string
}

/** Writes passcode mails and hands them to the relay. Plain, short, without a link. protocol.md §3 */
export function createPasscodeMailer(
  send: SendMail,
  senderOf: (organisationId: string) => PasscodeSender,
  clock: () => number,
): SendPasscode {
  return async passcode => {
    const sender = senderOf(passcode.organisationId)
    const locale = matchLocale([passcode.locale])
    return send({
      from: { name: cleanName(sender.organisationName), address: sender.from },
      to: passcode.to,
      subject: translator(locale)('passcodeMail.subject', { reference: passcode.reference }),
      text: writePasscodeText(passcode, cleanName(sender.organisationName), locale),
      locale,
      dateMs: clock(),
      expiresAtMs: passcode.expiresAtMs,
    })
  }
}

function writePasscodeText(passcode: PasscodeToSend, organisation: string, locale: string): string {
  const say = translator(locale)
  const minutes = PASSCODE_LIFETIME_MS / 60_000
  return [
    say('passcodeMail.intro', { organisation }),
    passcode.code,
    say('passcodeMail.reference', { reference: passcode.reference }),
    say('passcodeMail.use', { minutes }),
    say('passcodeMail.notYou'),
    organisation,
  ].join('\n\n')
}
