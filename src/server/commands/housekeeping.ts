import type { PortalKeys } from '../keys/portal-keys.ts'
import type { Config } from '../config/schema.ts'
import type { Retention } from '../store/store.ts'
import type { PartNeeds } from './installation-needs.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * What is done now and then: counts are written each minute; each hour rows that have outlived their
 * time are deleted and, by a portal, sealing keys made and destroyed. Returns how to stop it.
 */
export function startHousekeeping(
  { store, counters, config, log, clock }: PartNeeds,
  keys: Pick<PortalKeys, 'ensureSealingKeys' | 'destroyExpired'> | undefined,
): () => Promise<void> {
  const running = new Set<Promise<void>>()
  const every = (ms: number, work: () => Promise<unknown>): NodeJS.Timeout =>
    setInterval(() => {
      const done: Promise<void> = work()
        .then(
          () => undefined,
          (cause: unknown) => log.failure('housekeeping-failed', cause),
        )
        .finally(() => running.delete(done))
      running.add(done)
    }, ms).unref()
  const tidy = async (): Promise<void> => {
    await store.sweep(clock(), retentionOf(config))
    await keys?.ensureSealingKeys(clock())
    await keys?.destroyExpired(clock())
  }
  const timers = [every(minuteMs, () => counters.flush()), every(hourMs, tidy)]
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await Promise.all(running)
  }
}

const retentionOf = ({ store, audit }: Config): Retention => ({
  journalMs: store.journalKeepDays * dayMs,
  auditMs: audit.keepDays * dayMs,
})
