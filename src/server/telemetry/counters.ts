import type { BrowserFamily, DeviceKind } from './browser-family.ts'
import type { Literal } from './literal.ts'

/** One function per event. What they take are words of fixed lists: nobody can be told from a count. */
export interface Counters {
  countMessageSealed(): void
  /** Passed on as it is: to the inside, or by a rule. */
  countMessagePassed(): void
  countMessageRefused<const C extends string>(code: Literal<C>): void
  countMessageOpened(browser: BrowserFamily, device: DeviceKind): void
  countSignIn(method: 'passcode' | 'account' | 'passkey'): void
  countPasscodeMail(state: 'accepted' | 'refused'): void
  countError<const C extends string>(code: Literal<C>): void
  /** Hands what was counted since the last time to the writer; what fails is kept for the next time. */
  flush(): Promise<void>
  /** Every count since the start, in the text format of Prometheus. */
  prometheus(): string
}

/** Adds to a day's count; the store's `usage.add`. */
export type WriteUsage = (
  day: string,
  metric: string,
  dimension: string,
  count: number,
) => Promise<void>

export interface CounterNeeds {
  readonly write: WriteUsage
  readonly clock: () => number
}

type Labels = Readonly<Record<string, string>>

interface Metric {
  readonly name: string
  readonly help: string
}

const METRICS = {
  sealed: { name: 'messages_sealed', help: 'Mails that left sealed.' },
  passed: { name: 'messages_passed', help: 'Mails that were passed on as they are.' },
  refused: { name: 'messages_refused', help: 'Mails that were not taken, by reason.' },
  opened: {
    name: 'messages_opened',
    help: 'Keys released, by family of browser and kind of device.',
  },
  signedIn: { name: 'sign_ins', help: 'Proofs of an address, by method.' },
  passcodes: { name: 'passcode_mails', help: 'Passcode mails, by what the mail server said.' },
  errors: { name: 'errors', help: 'Errors met, by code.' },
} satisfies Readonly<Record<string, Metric>>

export function createCounters({ write, clock }: CounterNeeds): Counters {
  const total = new Tally()
  let pending = new Map<string, Tally>()
  const count = (metric: Metric, labels: Labels = {}) => {
    const day = new Date(clock()).toISOString().slice(0, 10)
    const today = pending.get(day) ?? new Tally()
    pending.set(day, today.add(metric, labels, 1))
    total.add(metric, labels, 1)
  }
  return {
    countMessageSealed: () => count(METRICS.sealed),
    countMessagePassed: () => count(METRICS.passed),
    countMessageRefused: (code: string) => count(METRICS.refused, { code }),
    countMessageOpened: (browser, device) => count(METRICS.opened, { browser, device }),
    countSignIn: method => count(METRICS.signedIn, { method }),
    countPasscodeMail: state => count(METRICS.passcodes, { state }),
    countError: (code: string) => count(METRICS.errors, { code }),
    async flush() {
      const writing = pending
      pending = new Map()
      await writeAll(writing, write, (day, { metric, labels, count }) => {
        pending.set(day, (pending.get(day) ?? new Tally()).add(metric, labels, count))
      })
    },
    prometheus: () => total.prometheus(),
  }
}

/** Stops at the first failure and keeps the rest. */
async function writeAll(
  days: ReadonlyMap<string, Tally>,
  write: WriteUsage,
  keep: (day: string, entry: Entry) => void,
): Promise<void> {
  let failure: unknown
  for (const [day, tally] of days)
    for (const entry of tally.entries()) {
      const dimension = Object.values(entry.labels).join('/')
      if (failure === undefined)
        await write(day, entry.metric.name, dimension, entry.count).catch((error: unknown) => {
          failure = error ?? new Error('the count could not be written')
        })
      if (failure !== undefined) keep(day, entry)
    }
  if (failure !== undefined) throw failure
}

interface Entry {
  readonly metric: Metric
  readonly labels: Labels
  count: number
}

/** Attack: a code list that grows without end would fill the memory; more kinds than this are not counted. */
const MAX_ENTRIES = 2_000

class Tally {
  readonly #entries = new Map<string, Entry>()

  add(metric: Metric, labels: Labels, count: number): this {
    const key = JSON.stringify([metric.name, labels])
    const entry = this.#entries.get(key)
    if (entry) entry.count += count
    else if (this.#entries.size < MAX_ENTRIES) this.#entries.set(key, { metric, labels, count })
    return this
  }

  entries(): Iterable<Entry> {
    return this.#entries.values()
  }

  prometheus(): string {
    const byMetric = Map.groupBy(this.#entries.values(), ({ metric }) => metric)
    return Object.values(METRICS)
      .map(metric => formatMetric(metric, byMetric.get(metric) ?? []))
      .join('')
  }
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
function formatMetric({ name, help }: Metric, entries: readonly Entry[]): string {
  const full = `zegel_${name}_total`
  const lines = entries.map(({ labels, count }) => `${full}${formatLabels(labels)} ${count}\n`)
  return `# HELP ${full} ${help}\n# TYPE ${full} counter\n${lines.join('')}`
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
