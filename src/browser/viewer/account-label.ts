import type { SessionView } from '../../core/api/messages.ts'
import type { WaitingAccount } from './step-history.ts'

/** What the provider calls the account; empty when it says nothing or another one is signed in. */
export function accountLabel(session: SessionView | null, { id }: WaitingAccount): string {
  const account = session?.account ?? null
  return account?.id === id ? account.label : ''
}
