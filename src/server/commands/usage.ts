import type { Store } from '../store/store.ts'
import { configOption, defineCommand, jsonOption } from './command.ts'
import { UsageError } from './command-error.ts'
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
    csv: { type: 'boolean', help: 'print CSV for spreadsheets' },
  },
  details:
    'Counts alone: day, what was counted, such as browser family or error code. A line with an\n' +
    'organisation is part of the line without one. What readers cause is stored in steps of five.',
  async run(values, _operands, terminal) {
    if (values.json && values.csv) throw new UsageError('write --json or --csv, not both')
    const days = readLimit(values.days)
    const nowMs = Date.now()
    return withStore(values.config, terminal, async ({ store }) => {
      const counts = await listCounts(store, dayOf(nowMs - (days - 1) * dayMs), dayOf(nowMs))
      if (values.json) await writeJson(terminal, counts)
      else await write(terminal, values.csv ? renderCsv(counts) : renderCounts(counts))
      return 0
    })
  },
})

interface CountLine {
  readonly day: string
  readonly metric: string
  /** Null: of the whole installation. */
  readonly organisation: string | null
  readonly dimension: string
  readonly count: number
}

/** By day and metric, the installation's sum first. */
async function listCounts(
  store: Store,
  fromDay: string,
  toDay: string,
): Promise<readonly CountLine[]> {
  const sums = await store.usage.list(fromDay, toDay)
  const said = await store.usage.listOfOrganisations(fromDay, toDay)
  const lines = [
    ...sums.map(({ day, metric, dimension, count }) => ({
      day,
      metric,
      organisation: null,
      dimension,
      count,
    })),
    ...said.map(({ day, metric, organisationId, count }) => ({
      day,
      metric,
      organisation: organisationId,
      dimension: '',
      count,
    })),
  ]
  const keyOf = ({ day, metric }: CountLine): string => `${day} ${metric}`
  return lines.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}

const cellsOf = (line: CountLine): readonly string[] => [
  line.day,
  line.metric,
  line.organisation ?? '',
  line.dimension,
  String(line.count),
]

const renderCounts = (lines: readonly CountLine[]): string =>
  renderTable(['DAY', 'WHAT', 'ORGANISATION', 'WHICH', 'COUNT'], lines.map(cellsOf))

/** RFC 4180; no value holds a comma or a quote. */
const renderCsv = (lines: readonly CountLine[]): string =>
  ['day,metric,organisation,dimension,count', ...lines.map(line => cellsOf(line).join(','))]
    .map(row => `${row}\r\n`)
    .join('')

/** `2026-11-21`, in UTC. */
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
