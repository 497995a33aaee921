import type { Log } from '../../telemetry/log.ts'
import type { OutcomeCounters } from '../count-outcome.ts'
import type { ReplyOutcome } from './reply-listener.ts'
import { ReplyRefusal } from './reply-refusal.ts'

/** One line for each hand-over: what became of it, never whose it was. */
export function logReply(log: Log, { bytes, result, fault }: ReplyOutcome): void {
  if (!(result instanceof ReplyRefusal)) {
    const { kind, isRepeated, plainRecipients, sealedRecipients } = result
    log.info('reply', { kind, isRepeated, bytes, plainRecipients, sealedRecipients })
    return
  }
  const { code, extras } = result
  const fields = { code, reason: extras.reason ?? 'none', bytes } as const
  if (code === 'replies-unavailable' || extras.reason !== undefined)
    log.warn('reply-refused', fields)
  else log.info('reply-refused', fields)
  if (fault !== undefined) log.failure('reply-fault', fault)
}

/** A reply that was sealed for somebody counts like any sealed mail. */
export function countReply(counters: OutcomeCounters, { result, fault }: ReplyOutcome): void {
  if (fault !== undefined) counters.countFault('gateway-fault')
  if (result instanceof ReplyRefusal) return
  if (result.sealedRecipients > 0) counters.countMessageSealed()
}
