import { createDailyCounts } from './daily-counts.ts'
import { PER_ORGANISATION_FROM } from './limits.ts'
import type { Literal } from './literal.ts'
import type { Configured } from './log.ts'
import { formatMetric } from './prometheus.ts'
import { readerKind, wishesNoCounts } from './reader-signals.ts'
import type { ReadHeader } from './reader-signals.ts'
import { Tally, dimensionOf } from './tally.ts'
import type { Labels, Metric } from './tally.ts'

/** What is counted about readers: these three kinds and nothing else. features.md A8 */
export interface ReaderCounters {
  /** A message was viewed, in this browser or app, on this kind of device. */
  countMessageOpened(organisation: Configured): void
  /** An error was met; its code is a word of our own source. */
  countError<const C extends string>(code: Literal<C>): void
}

/** What is counted about the running of the service: of mails, whoever reads them. */
export interface OperationCounters {
  countMessageSealed(): void
  /** Passed on as it is: to the inside, or by a rule. */
  countMessagePassed(): void
  countMessageRefused<const C extends string>(code: Literal<C>): void
  /** Held in memory alone, because a reader asked for it: no row may say so. */
  countPasscodeMail(state: 'accepted' | 'refused'): void
  /** A fault of the gateway: no reader was there. */
  countFault(code: 'gateway-fault'): void
}

/** One function per event. What they take are words of fixed lists: nobody can be told from a count. */
export interface Counters extends OperationCounters {
  /** The only way to what is counted about readers: it counts nothing about those who do not wish it. */
  ofReader(header: ReadHeader): ReaderCounters
  /** Hands what was counted since the last time to the writer; what fails is kept for the next time. */
  flush(): Promise<void>
  /** Operations since the start, in the text format of Prometheus; nothing by which one reading could be told. */
  prometheus(): string
}

/** Adds to a day's count; the store's `usage.add`. */
export type WriteUsage = (
  day: string,
  metric: string,
  dimension: string,
  count: number,
) => Promise<void>

/**
 * Adds to an organisation's count of a day; the store's `usage.addOfOrganisation`.
 * False when it is too small to be written, which it never is: `PER_ORGANISATION_FROM`.
 */
export type WriteOrganisationUsage = (
  organisationId: string,
  day: string,
  metric: string,
  count: number,
) => Promise<boolean>

export interface CounterNeeds {
  readonly write: WriteUsage
  readonly writeOrganisation: WriteOrganisationUsage
  readonly clock: () => number
  /** False: nothing is counted about readers, and no count is written. */
  readonly enabled: boolean
}

const METRICS = {
  sealed: { name: 'messages_sealed', help: 'Mails that left sealed.' },
  passed: { name: 'messages_passed', help: 'Mails that were passed on as they are.' },
  refused: { name: 'messages_refused', help: 'Mails that were not taken, by reason.' },
  passcodes: {
    name: 'passcode_mails',
    help: `Passcode mails, by what the mail server said, in steps of ${PER_ORGANISATION_FROM}.`,
  },
  errors: {
    name: 'errors',
    help: `Errors met, by code; those of pages in steps of ${PER_ORGANISATION_FROM}.`,
  },
} satisfies Readonly<Record<string, Metric>>

/** Whoever reads them. */
const OF_MAILS = new Set<Metric>([METRICS.sealed, METRICS.passed, METRICS.refused])

/** Daily counts alone: no scrape may show when somebody reads. */
const READER_METRICS = {
  opened: { name: 'messages_opened', help: 'Messages that were viewed.' },
  browsers: { name: 'browsers_used', help: 'By family of browser or app and kind of device.' },
} satisfies Readonly<Record<string, Metric>>

const NO_READER: ReaderCounters = {
  countMessageOpened: () => undefined,
  countError: () => undefined,
}

export function createCounters(needs: CounterNeeds): Counters {
  const { clock, enabled } = needs
  const total = new Tally()
  const { daily, organisations } = storedCounts(needs)
  const today = () => new Date(clock()).toISOString().slice(0, 10)
  const count = (metric: Metric, labels: Labels = {}) => {
    total.add(metric, labels, 1)
    if (enabled) daily.add(today(), metric, labels)
  }
  return {
    countMessageSealed: () => count(METRICS.sealed),
    countMessagePassed: () => count(METRICS.passed),
    countMessageRefused: (code: string) => count(METRICS.refused, { code }),
    countPasscodeMail: state => void total.add(METRICS.passcodes, { state }, 1),
    countFault: code => count(METRICS.errors, { code }),
    ofReader(header) {
      if (!enabled || wishesNoCounts(header)) return NO_READER
      return {
        countMessageOpened(organisation) {
          const { program, device } = readerKind(header)
          daily.add(today(), READER_METRICS.opened, {})
          daily.add(today(), READER_METRICS.browsers, { program, device })
          organisations.add(today(), READER_METRICS.opened, { organisation })
        },
        countError: (code: string) => count(METRICS.errors, { code }),
      }
    },
    flush: oneAfterAnother(async () => {
      await daily.flush(today())
      await organisations.flush(today())
    }),
    prometheus: () => formatAll(total),
  }
}

/** Two at once would write the same count twice. */
function oneAfterAnother(run: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => (last = last.then(run, run))
}

/** The installation's sums, and the part of them that is said of each organisation. */
function storedCounts({ write, writeOrganisation }: CounterNeeds) {
  return {
    daily: createDailyCounts({
      write: (day, entry) => write(day, entry.metric.name, dimensionOf(entry), entry.count),
      stepOf,
    }),
    organisations: createDailyCounts({
      write: (day, entry) =>
        writeOrganisation(dimensionOf(entry), day, entry.metric.name, entry.count),
      stepOf,
    }),
  }
}

function formatAll(total: Tally): string {
  const byMetric = Map.groupBy(total.entries(), ({ metric }) => metric)
  return Object.values(METRICS)
    .map(metric =>
      formatMetric(metric, byMetric.get(metric) ?? [], labels => stepOf(metric, labels)),
    )
    .join('')
}

/**
 * What readers cause rises by so many at once, wherever it is said: then no scrape and no look at the rows shows one
 * person, and no sum is a few of an organisation, not even where the installation serves one alone. features.md A8
 */
function stepOf(metric: Metric, { code }: Labels): number {
  const byMails = OF_MAILS.has(metric) || (metric === METRICS.errors && code === 'gateway-fault')
  return byMails ? 1 : PER_ORGANISATION_FROM
}
