import { BODY_GRACE_MS, MIN_BODY_BYTES_PER_SECOND } from './limits.ts'

/** True when no more has come of a body in the time that it was waited for. Attack: slowloris. */
export function isTooSlow(waitedMs: number, bytes: number): boolean {
  return waitedMs - BODY_GRACE_MS > (bytes / MIN_BODY_BYTES_PER_SECOND) * 1000
}
