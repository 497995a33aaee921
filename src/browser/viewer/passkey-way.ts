import { rememberWay } from './last-way.ts'
import { openKept } from './open-kept.ts'
import type { Refusal } from './portal-api.ts'
import type { Reading } from './reading.ts'

/** Null when it opens the message; `cancelled` when the person closed the browser's dialogue. */
export async function takePasskey(reading: Reading): Promise<Refusal | 'cancelled' | null> {
  const { needs, message, privateComputer, session } = reading
  if (message === null) return { code: 'bad-request' }
  const passkeys = await needs.loadPasskeys().catch(() => null)
  if (passkeys === null) return { code: 'offline' }
  const signedIn = await passkeys.signIn(message.stanza, privateComputer.value)
  if (!signedIn.ok) return signedIn.refusal ?? 'cancelled'
  rememberWay('passkey')
  session.value = signedIn.session
  await openKept(reading, message)
  return null
}
