import type { PortalKeys } from '../keys/portal-keys.ts'
import type { Config } from '../config/schema.ts'
import type { Retention } from '../store/store.ts'
import type { PartNeeds } from './installation-needs.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * What is done now and then: each minute counts are written and what is left of passcodes is deleted; at the start and each hour rows that have
 * outlived their time are deleted and, by a portal, sealing keys made and destroyed and secrets
 * renewed. Returns how to stop it.
 */
export function startHousekeeping(
  needs: PartNeeds,
  keys: Pick<PortalKeys, 'ensureSealingKeys' | 'destroyExpired' | 'tendSecrets'> | undefined,
): () => Promise<void> {
  const { counters, log, clock, upkeep } = needs
  const running = new Set<Promise<void>>()
  const run = (work: () => Promise<unknown>): void => {
    const done: Promise<void> = work()
      .then(
        () => undefined,
        (cause: unknown) => log.failure('housekeeping-failed', cause),
      )
      .finally(() => running.delete(done))
    running.add(done)
  }
  const every = (ms: number, work: () => Promise<unknown>): NodeJS.Timeout =>
    setInterval(() => run(work), ms).unref()
  const tidy = async (): Promise<void> => {
    await keys?.ensureSealingKeys(clock())
    await keys?.tendSecrets(clock())
    upkeep.paused = !(await discard(needs, keys))
  }
  run(tidy)
  const tidyPasscodes = async (): Promise<void> => {
    if (!upkeep.paused) await needs.store.sweepPasscodes(clock())
  }
  const timers = [
    every(minuteMs, () => counters.flush()),
    every(minuteMs, tidyPasscodes),
    every(hourMs, tidy),
  ]
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await Promise.all(running)
  }
}

/** Deletes and destroys what has outlived its time. False when the clock is not believed: then everything stays. */
async function discard(
  { store, config, log, clock }: PartNeeds,
  keys: Pick<PortalKeys, 'destroyExpired'> | undefined,
): Promise<boolean> {
  const nowMs = clock() // once: a machine that sleeps in the middle wakes up at a time that nobody has judged
  const verdict = await store.clock.advance(nowMs)
  if (!verdict.believed) {
    log.error('clock-not-believed', { reason: verdict.reason, see: 'zegel check' })
    return false
  }
  await store.sweep(nowMs, retentionOf(config))
  await keys?.destroyExpired(nowMs, verdict.watchedMs)
  return true
}

const retentionOf = ({ store, audit }: Config): Retention => ({
  journalMs: store.journalKeepDays * dayMs,
  auditMs: audit.keepDays * dayMs,
})
