import type { Refusal } from '../viewer/portal-request.ts'

/** Why a reply was not sent. */
export interface SendRefusal {
  readonly code: Refusal['code'] | 'no-recipients' | 'not-sealed' | 'stopped'
  readonly retryAfterSeconds?: number
  /** Positions in `to` ‖ `cc`, for `recipient-not-allowed` and `recipient-refused`. */
  readonly recipients?: readonly number[]
}
