import { configOption, defineCommand } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { formatTime, write } from './output.ts'
import { withStore } from './with-store.ts'

const hourMs = 3_600_000

export const keysConfirmDate = defineCommand({
  name: 'keys confirm-date',
  summary: 'say what day it is, after housekeeping stopped believing the clock',
  operands: [{ name: 'DATE', help: "today's date, YYYY-MM-DD, from elsewhere than this machine" }],
  options: { config: configOption },
  details:
    'A clock that leaps ahead would make housekeeping destroy sealing keys, and the mail with them, for\n' +
    'good. So after a leap of more than 40 days (or when Zegel really was off for so long) it deletes\n' +
    'and destroys nothing until this command says that the date is right. Keys whose time is over go\n' +
    'after one more day of running.',
  run: (values, [date = ''], terminal) => {
    const startMs = readDate(date)
    return withStore(values.config, terminal, async ({ store }) => {
      const nowMs = Date.now()
      if (!isDuring(nowMs, startMs))
        throw new CommandError(
          `this machine's clock says ${formatTime(nowMs)}, not ${date}; set it right first: nothing is changed`,
        )
      const verdict = await store.clock.judge(nowMs)
      if (!verdict.believed && verdict.reason === 'database-clock')
        throw new CommandError(
          `the database's clock says ${formatTime(verdict.databaseMs)}, not ${date}; set it right first: nothing is changed`,
        )
      await store.clock.confirm(nowMs)
      await write(
        terminal,
        `the date is ${date}; housekeeping, last done ${formatTime(verdict.lastMs)}, goes on within an hour\n`,
      )
      return 0
    })
  },
})

/** When the day begins in UTC. @throws UsageError */
function readDate(text: string): number {
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(startMs)) throw new UsageError(`${text}: write today's date as YYYY-MM-DD`)
  return startMs
}

/** That day is now, somewhere on earth: from UTC+14 to UTC-12. */
const isDuring = (nowMs: number, startMs: number): boolean =>
  nowMs >= startMs - 14 * hourMs && nowMs < startMs + 36 * hourMs
