import type { PostedPage } from '../opener/posted-page.ts'
import { beginKept, showStepOfHistory } from './begin-reading.ts'
import { beginPosted } from './begin-posted.ts'
import { rememberWay } from './last-way.ts'
import { isStepOfHistory } from './next-step.ts'
import type { Reading } from './reading.ts'
import { takeSignInOutcome } from './sign-in-return.ts'

/**
 * Once, when the page opens.
 * @param posted the message that came with the page; null where this tab may keep one
 */
export async function startReading(reading: Reading, posted: PostedPage | null): Promise<void> {
  addEventListener('popstate', () => followHistory(reading))
  addEventListener('online', () => goOn(reading))
  if (posted !== null) return beginPosted(reading, posted)
  reading.outcome = takeSignInOutcome()
  if (reading.outcome?.result === 'proven') rememberWay(reading.outcome.provider)
  await beginKept(reading)
}

function followHistory(reading: Reading): void {
  if (reading.unwinding) reading.unwinding = false
  else if (isStepOfHistory(reading.step.value)) showStepOfHistory(reading)
}

/** The connection is back: what it kept from being done is done without being asked. */
function goOn({ step, again }: Reading): void {
  if (step.value.kind === 'trouble' && step.value.trouble.code === 'offline') void again()
}
