import type { OperationCounters } from '../telemetry/counters.ts'
import type { MailOutcome } from './mail-outcome.ts'

export type OutcomeCounters = Omit<OperationCounters, 'countPasscodeMail'>

/** What is counted of each mail. A mail that the next hop refused comes again or goes back: it is not counted. */
export function countOutcome(counters: OutcomeCounters, outcome: MailOutcome): void {
  const { result, reason, sealedRecipients, plainRecipients } = outcome
  if (result === 'refused') counters.countMessageRefused(reason)
  if (reason === 'fault') counters.countFault('gateway-fault')
  if (result !== 'delivered') return
  if (sealedRecipients > 0) counters.countMessageSealed()
  if (plainRecipients > 0) counters.countMessagePassed()
}
