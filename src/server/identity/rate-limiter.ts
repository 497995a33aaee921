import type { RateStore } from '../store/store.ts'
import { keyedHash } from './keyed-hash.ts'
import { ALLOWANCES } from './limits.ts'
import type { Allowance, AllowanceName } from './limits.ts'

export type Taken =
  { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number }

/**
 * Takes one from what `subject` (an address, a network …) may do.
 * @param factor multiplies the allowance, for a subject that stands for many
 */
export type TakeAllowance = (
  name: AllowanceName,
  subject: string,
  factor?: number,
) => Promise<Taken>

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Limits that slow down and never lock: a window's end gives a new allowance, whoever used up the last.
 * Keys are keyed hashes that change daily, so that the table says nothing about anyone. protocol.md §3
 * @param scale multiplies every allowance: 1, or more where one person plays all parts (the demo)
 */
export function createRateLimiter(needs: {
  readonly rates: Pick<RateStore, 'take'>
  readonly secret: Uint8Array
  readonly clock: () => number
  readonly scale?: number
}): TakeAllowance {
  const { rates, secret, clock, scale = 1 } = needs
  const takeWindow = async (key: string, { count, windowMs }: Allowance, factor: number) => {
    const nowMs = clock()
    const startMs = nowMs - (nowMs % windowMs)
    const taken = await rates.take(key, startMs, startMs + windowMs)
    return taken <= count * factor * scale ? 0 : startMs + windowMs - nowMs
  }
  return async (name, subject, factor = 1) => {
    const keyOf = rateKeyOf(secret, clock(), name, subject)
    const waits = await Promise.all(
      ALLOWANCES[name].map(allowance => takeWindow(keyOf(allowance.windowMs), allowance, factor)),
    )
    const waitMs = Math.max(...waits)
    if (waitMs === 0) return { allowed: true }
    return { allowed: false, retryAfterSeconds: Math.ceil(waitMs / 1000) }
  }
}

/** The key of a window's row, which differs from day to day; the hash is made once for all windows. */
function rateKeyOf(
  secret: Uint8Array,
  nowMs: number,
  name: AllowanceName,
  subject: string,
): (windowMs: number) => string {
  const day = String(Math.floor(nowMs / DAY_MS))
  const key = keyedHash(secret, 'zegel rate', day, name, subject).toString('base64url', 0, 16)
  return windowMs => `${key}.${windowMs}`
}

/** Where an allowance's row of today stands. */
export const rateKey = (
  secret: Uint8Array,
  nowMs: number,
  name: AllowanceName,
  subject: string,
  windowMs: number,
): string => rateKeyOf(secret, nowMs, name, subject)(windowMs)
