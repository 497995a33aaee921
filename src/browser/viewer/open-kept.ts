import { touchMessage } from '../opener/tab-store.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import { meetTrouble } from './meet-trouble.ts'
import { forgetPasscode } from './passcode-memory.ts'
import { askSession } from './reading.ts'
import type { Reading } from './reading.ts'
import type { LetterStage, Shown, ShownLetter } from './show-message.ts'
import { unwindSteps } from './step-history.ts'

/** How often an open message says that its tab is still there. */
const touchEveryMs = 10 * 60 * 1000

/** Asks for the key, decrypts and shows; the person can stop it and begin again. */
export async function openKept(reading: Reading, kept: KeptMessage): Promise<void> {
  const { needs, step } = reading
  const stopped = new AbortController()
  reading.again = () => openKept(reading, kept)
  reading.stopOpening = () => {
    stopped.abort()
    step.value = { kind: 'closed', how: 'stopped' }
  }
  const onStage = (stage: LetterStage): void => {
    if (!stopped.signal.aborted) step.value = { kind: 'opening', stage }
  }
  onStage({ name: 'key' })
  const show = await needs.loadShowMessage().catch(() => null)
  const result: Shown =
    show === null
      ? { ok: false, refusal: { code: 'offline' } }
      : await show(kept, needs.portal, onStage, stopped.signal).catch(failed)
  if (stopped.signal.aborted) return
  if (result.ok) return showLetter(reading, result.shown)
  meetTrouble(reading, 'refusal' in result ? result.refusal : { code: result.problem })
}

/** The browser lacks what every supported one has, or ran out of memory: nothing waits for ever. */
function failed(): Shown {
  return { ok: false, problem: 'worker-failed' }
}

async function showLetter(reading: Reading, letter: ShownLetter): Promise<void> {
  forgetPasscode()
  unwindSteps()
  reading.step.value = { kind: 'letter', letter }
  reading.needs.prepareNext()
  if (reading.session.value === null) await askSession(reading)
  keepTouching(reading)
}

/** Also while a session has ended: an answer that was begun waits with the message for the next one. */
function keepTouching(reading: Reading): void {
  clearInterval(reading.touching)
  reading.touching = setInterval(() => {
    if (reading.message === null) clearInterval(reading.touching)
    else touchMessage(reading.needs.clock()).catch(() => undefined) // storage is blocked: nothing to keep
  }, touchEveryMs)
}
