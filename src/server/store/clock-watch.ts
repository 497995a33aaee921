import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import { CLOCK_STEP_MS, MAX_CLOCK_DIFFERENCE_MS, MAX_CLOCK_GAP_MS } from './limits.ts'
import type { ClockVerdict, ClockWatch } from './store.ts'

/** The one row that there is. */
const NAME = 'clock'

/**
 * Nothing that is destroyed comes back, so housekeeping believes no clock that leaps, or that differs from the
 * database's own. Nor one that leaps back: a machine that starts in 1970, until it has asked for the time, would make
 * the right time look like a leap. The time it has watched grows only while it runs: a clock that is set ahead does not make it longer.
 */
export function clockWatch(engine: Engine): ClockWatch {
  return {
    judge: nowMs => judge(engine, nowMs),
    advance: nowMs => advance(engine, nowMs),
    confirm: nowMs => confirm(engine, nowMs),
  }
}

async function judge(engine: Engine, nowMs: number): Promise<ClockVerdict> {
  const databaseMs = await engine.nowMs()
  const row = await engine.db
    .selectFrom('housekeeping')
    .selectAll()
    .where('name', '=', NAME)
    .executeTakeFirst()
  const lastMs = row?.last_ms ?? null
  if (databaseMs !== null && Math.abs(databaseMs - nowMs) > MAX_CLOCK_DIFFERENCE_MS)
    return { believed: false, reason: 'database-clock', lastMs, databaseMs }
  if (lastMs !== null && Math.abs(nowMs - lastMs) > MAX_CLOCK_GAP_MS)
    return { believed: false, reason: 'gap', lastMs, databaseMs }
  return { believed: true, lastMs, watchedMs: row?.watched_ms ?? 0 }
}

/** One statement counts, so that nodes that come at once count no time twice. */
async function advance(engine: Engine, nowMs: number): Promise<ClockVerdict> {
  const verdict = await judge(engine, nowMs)
  if (!verdict.believed) return verdict
  const sinceLast = sql<number>`${nowMs} - housekeeping.last_ms`
  const row = await engine.db
    .insertInto('housekeeping')
    .values({ name: NAME, last_ms: nowMs, watched_ms: 0 })
    .onConflict(c =>
      c
        .column('name')
        .doUpdateSet({
          last_ms: nowMs,
          watched_ms: sql`housekeeping.watched_ms + case
            when ${sinceLast} < 0 then 0
            when ${sinceLast} > ${sql.lit(CLOCK_STEP_MS)} then ${sql.lit(CLOCK_STEP_MS)}
            else ${sinceLast} end`,
        })
        .where(sql<number>`abs(${sinceLast})`, '<=', MAX_CLOCK_GAP_MS),
    )
    .returning('watched_ms')
    .executeTakeFirst()
  return row === undefined ? judge(engine, nowMs) : { ...verdict, watchedMs: row.watched_ms }
}

async function confirm({ db }: Engine, nowMs: number): Promise<void> {
  await db
    .insertInto('housekeeping')
    .values({ name: NAME, last_ms: nowMs, watched_ms: 0 })
    .onConflict(c => c.column('name').doUpdateSet({ last_ms: nowMs }))
    .execute()
}
