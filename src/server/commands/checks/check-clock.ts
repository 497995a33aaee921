import type { Store } from '../../store/store.ts'
import { formatTime } from '../output.ts'
import { failed, ok } from './finding.ts'
import type { CheckLine } from './finding.ts'

/** Whether housekeeping believes the clock: if not, nothing is deleted and no key destroyed. */
export async function checkClock(
  { clock }: Pick<Store, 'clock'>,
  nowMs: number,
): Promise<CheckLine> {
  const name = 'clock'
  const verdict = await clock.judge(nowMs)
  const last = formatTime(verdict.lastMs)
  if (verdict.believed) return ok(name, `${formatTime(nowMs)}; housekeeping last done ${last}`)
  if (verdict.reason === 'database-clock')
    return failed(
      name,
      `this machine says ${formatTime(nowMs)}, the database ${formatTime(verdict.databaseMs)}: set them right; until then nothing is deleted and no key destroyed`,
    )
  return failed(
    name,
    `it says ${formatTime(nowMs)}, and housekeeping was last done ${last}: nothing is deleted and no key destroyed until you set it right or say that it is: zegel keys confirm-date YYYY-MM-DD`,
  )
}
