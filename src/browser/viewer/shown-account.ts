import type { AccountView, SessionView } from '../../core/api/messages.ts'
import type { WaitingAccount } from './step-history.ts'

/** The account as the provider names it; null when it has no name, or another one is signed in. */
export function shownAccount(
  session: SessionView | null,
  { id }: WaitingAccount,
): AccountView | null {
  const account = session?.account
  return account?.id === id && account.label ? account : null
}
