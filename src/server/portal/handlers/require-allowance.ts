import type { AllowanceName } from '../../identity/limits.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import { PortalProblem } from '../problem.ts'

/** @throws PortalProblem `rate-limited` */
export async function requireAllowance(
  take: TakeAllowance,
  name: AllowanceName,
  subject: string,
): Promise<void> {
  const taken = await take(name, subject)
  if (taken.allowed) return
  const { retryAfterSeconds } = taken
  throw new PortalProblem('rate-limited', { retryAfterSeconds })
}
