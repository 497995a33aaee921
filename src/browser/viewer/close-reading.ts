import { forgetAllMessages } from '../opener/tab-store.ts'
import type { Reading } from './reading.ts'
import { onSignOutElsewhere, tellSignOut } from './sign-out-channel.ts'
import type { ClosedHow } from './step.ts'

/** Signing out closes the message in every tab; a session that ends by itself keeps it for the next one. */
export async function closeReading(
  reading: Reading,
  how: 'signed-out' | 'session-ended',
): Promise<void> {
  if (how === 'session-ended') return showClosed(reading, how)
  const answer = await reading.needs.portal.signOut()
  tellSignOut()
  await showClosed(reading, answer.ok ? how : 'sign-out-failed')
}

export function closeWithOtherTabs(reading: Reading): void {
  onSignOutElsewhere(() => void showClosed(reading, 'signed-out'))
}

async function showClosed(reading: Reading, how: ClosedHow): Promise<void> {
  reading.session.value = null
  reading.step.value = { kind: 'closed', how }
  if (how === 'session-ended') return
  reading.message = null
  await forgetAllMessages().catch(() => undefined) // storage is blocked: there is nothing to delete
}
