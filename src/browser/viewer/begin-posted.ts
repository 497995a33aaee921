import type { PostedPage } from '../opener/posted-page.ts'
import { sweepLeftovers } from '../opener/tab-store.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import { begin, keepHere, showStepOfHistory } from './begin-reading.ts'
import { lastWay } from './last-way.ts'
import type { Reading } from './reading.ts'

/**
 * Begins with the message that came with the page. What the portal said about it with the page is shown
 * while the rest still comes in; but a post brings no session along (SameSite), so where somebody has
 * signed in before, the portal is asked whether they still are.
 */
export async function beginPosted(reading: Reading, posted: PostedPage): Promise<void> {
  const arrived = takeIn(reading, posted)
  reading.arrived = arrived
  const described = lastWay() === null ? posted.description : null
  if (described !== null) {
    reading.description.value = described
    showStepOfHistory(reading)
  }
  const message = await arrived
  if (message === null) return
  if (described === null) await begin(reading, message)
  else reading.again = () => begin(reading, message)
}

/** Null when it cannot be taken in, which the page then says, or another tab's sign-out has closed it meanwhile. */
async function takeIn(reading: Reading, { brought }: PostedPage): Promise<KeptMessage | null> {
  const taken = await brought
  if (reading.step.value.kind === 'closed') return null
  if (!taken.ok) {
    reading.step.value = { kind: 'pick', reason: taken.reason }
    return null
  }
  const { message } = taken
  reading.message = message
  await keepHere(reading, message)
  sweepLeftovers(reading.needs.clock()).catch(() => undefined) // an untidy store must not keep a letter shut
  return message
}
