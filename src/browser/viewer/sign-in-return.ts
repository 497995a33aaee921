import { parseSignInOutcome } from '../../core/api/sign-in-results.ts'
import type { SignInOutcome } from '../../core/api/sign-in-results.ts'

/**
 * How a sign-in with a provider ended, as the address bar says on coming back; said once, so that a
 * reload does not say it again.
 */
export function takeSignInOutcome(): SignInOutcome | null {
  const outcome = parseSignInOutcome(location.hash)
  if (outcome !== null) history.replaceState(history.state, '', location.pathname)
  return outcome
}
