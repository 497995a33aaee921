import { configOption, defineCommand, jsonOption } from './command.ts'
import { limitOption, readLimit } from './limit-option.ts'
import { renderTable, write, writeJson } from './output.ts'
import { withStore } from './with-store.ts'

const dayMs = 24 * 60 * 60 * 1000

export const usageCounts = defineCommand({
  name: 'usage',
  summary: 'show the daily counts',
  options: {
    config: configOption,
    days: { ...limitOption, value: 'DAYS', help: 'how many days back (default: 50)' },
    json: jsonOption,
  },
  details: 'Counts alone: day, what was counted, such as browser family or error code.',
  async run(values, _operands, terminal) {
    const days = readLimit(values.days)
    const nowMs = Date.now()
    return withStore(values.config, terminal, async ({ store }) => {
      const counts = await store.usage.list(dayOf(nowMs - (days - 1) * dayMs), dayOf(nowMs))
      if (values.json) await writeJson(terminal, counts)
      else
        await write(
          terminal,
          renderTable(
            ['DAY', 'WHAT', 'WHICH', 'COUNT'],
            counts.map(row => [row.day, row.metric, row.dimension, String(row.count)]),
          ),
        )
      return 0
    })
  },
})

/** `2026-11-21`, in UTC. */
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
