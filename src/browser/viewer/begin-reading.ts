import { keepMessage, keepsAnything, loadMessage } from '../opener/tab-store.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import type { DescribeAnswer } from '../../core/api/messages.ts'
import type { SignInOutcome } from '../../core/api/sign-in-results.ts'
import { meetTrouble } from './meet-trouble.ts'
import { stepAfterReturn, stepOfHistory } from './next-step.ts'
import { openKept } from './open-kept.ts'
import { recallPasscode } from './passcode-memory.ts'
import { askSession } from './reading.ts'
import type { Reading } from './reading.ts'
import type { PickReasonOfReader } from './step.ts'
import { beginAssociation, historyAccount, historyStep } from './step-history.ts'

/** Reads the message that this tab keeps; asks for the file when it keeps none (any more). */
export async function beginKept(reading: Reading): Promise<void> {
  const kept = await loadMessage()
  if (kept.ok) return begin(reading, kept.message)
  const reason = await pickReason(reading, kept.reason)
  if (reason !== 'memory') reading.needs.portal.countError('message-lost')
  reading.step.value = { kind: 'pick', reason }
}

/** Who comes back from a provider and finds nothing kept has another tab than before, or a browser that keeps nothing. */
async function pickReason(
  { outcome }: Reading,
  lost: 'message-lost' | 'message-evicted',
): Promise<PickReasonOfReader> {
  if (location.hash === '#memory') return 'memory'
  const isOfBrowser = lost === 'message-lost' && outcome !== null && !(await keepsAnything())
  return isOfBrowser ? 'memory' : lost
}

/** A message picked on this page stays in memory when the browser keeps nothing. */
export async function takeMessage(reading: Reading, taken: KeptMessage): Promise<void> {
  await keepHere(reading, taken)
  await begin(reading, taken)
}

/** The share of a posted one leaves the address, and a reload asks for the reader's page instead of posting anew. */
export async function keepHere({ needs }: Reading, message: KeptMessage): Promise<void> {
  const kept = await keepMessage(message, needs.clock())
  history.replaceState(history.state, '', kept ? '/read' : '/read#memory')
}

export async function begin(reading: Reading, kept: KeptMessage): Promise<void> {
  const { needs, step, description } = reading
  reading.message = kept
  reading.again = () => begin(reading, kept)
  step.value = { kind: 'loading' }
  const described = await needs.portal.describe({ stanza: kept.stanza })
  if (!described.ok) return meetTrouble(reading, described.refusal)
  description.value = described.value
  const { outcome } = reading
  reading.outcome = null
  if (described.value.signedIn) return openKept(reading, kept)
  if (outcome !== null || historyAccount() !== undefined) await askSession(reading)
  if (outcome === null) showStepOfHistory(reading)
  else await comeBack(reading, kept, outcome, described.value)
}

async function comeBack(
  reading: Reading,
  kept: KeptMessage,
  outcome: SignInOutcome,
  { methods }: DescribeAnswer,
): Promise<void> {
  const next = stepAfterReturn(outcome, methods, reading.session.value?.account ?? null)
  if (next === 'open') return openKept(reading, kept)
  if (next.kind === 'associate') beginAssociation(next.account)
  reading.step.value = next
}

/** The step that the address bar stands at. */
export function showStepOfHistory({ needs, step }: Reading): void {
  step.value = stepOfHistory(historyStep(), historyAccount(), recallPasscode(needs.clock()))
}
