import type { Log } from '../telemetry/log.ts'
import type { MailOutcome } from './mail-outcome.ts'

/** One line for each mail: what became of it, never whose it was. */
export function logOutcome(log: Log, outcome: MailOutcome): void {
  const { result, reason, code, bytes, sealedRecipients, plainRecipients, fault } = outcome
  const fields = { result, reason, code, bytes, sealedRecipients, plainRecipients }
  if (result === 'failed' || result === 'half') log.warn('mail', fields)
  else log.info('mail', fields)
  if (fault !== undefined) log.failure('mail-fault', fault)
}
