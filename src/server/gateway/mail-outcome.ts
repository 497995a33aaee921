import type { RefusalReason } from './decide.ts'
import type { NextHopErrorCode } from './next-hop/next-hop-error.ts'
import type { SourceErrorCode } from './smtp/mail-source.ts'

export type OutcomeReason =
  | RefusalReason
  | NextHopErrorCode
  | SourceErrorCode
  | 'answered'
  | 'loop'
  | 'header-size'
  | 'header-fields'
  | 'fault'

/** What became of one mail; nothing in it names a person. */
export interface MailOutcome {
  readonly result: 'delivered' | 'half' | 'refused' | 'failed'
  readonly reason: OutcomeReason
  readonly code: number
  readonly bytes: number
  readonly sealedRecipients: number
  readonly plainRecipients: number
  readonly fault?: unknown
}
