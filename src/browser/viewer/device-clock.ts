import type { PasscodeAnswer, PasscodeDelivery, SessionView } from '../../core/api/messages.ts'

/** Puts the times of an answer into those of this device, whose clock is `aheadMs` ahead of the portal's. */
export type Here<T> = (value: T, aheadMs: number) => T

/** Less is what a `Date` field in seconds and a slow network make of clocks that agree. */
const agreeWithinMs = 30_000

/** How far this device's clock is ahead of the portal's; negative when behind. RFC 9110 §6.6.1 */
export function clockAhead(response: Response, nowMs: number): number {
  const aheadMs = nowMs - Date.parse(response.headers.get('date') ?? '')
  return Math.abs(aheadMs) > agreeWithinMs ? aheadMs : 0
}

export const passcodeHere: Here<PasscodeAnswer> = (passcode, aheadMs) => ({
  ...passcode,
  expiresAtMs: passcode.expiresAtMs + aheadMs,
})

export const deliveryHere: Here<PasscodeDelivery> = (delivery, aheadMs) => ({
  ...delivery,
  atMs: delivery.atMs + aheadMs,
})

export const sessionHere: Here<SessionView> = (session, aheadMs) => ({
  ...session,
  idleUntilMs: session.idleUntilMs + aheadMs,
  endsAtMs: session.endsAtMs + aheadMs,
})
