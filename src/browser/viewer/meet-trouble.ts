import { countedAs } from './counted-as.ts'
import { stepAfterTrouble } from './next-step.ts'
import { askSession } from './reading.ts'
import type { Reading } from './reading.ts'
import { unwindSteps } from './step-history.ts'
import type { Trouble } from './step.ts'

/** Counts what went wrong by its code alone and shows what can be done. */
export function meetTrouble(reading: Reading, trouble: Trouble): void {
  const counted = countedAs(trouble.code)
  if (counted !== null) reading.needs.portal.countError(counted)
  const next = stepAfterTrouble(trouble)
  if (next.kind === 'choose') reading.unwinding = unwindSteps()
  reading.step.value = next
  if (trouble.code === 'not-a-recipient') void askSession(reading)
}
