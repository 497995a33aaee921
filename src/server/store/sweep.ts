import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import { AUDIT_KEEP_MS, JOURNAL_KEEP_MS, OVERRIDE_KEEP_MS, SWEEP_BATCH } from './limits.ts'
import type { Retention } from './store.ts'

/** Deletes what has outlived its time, in small steps; returns how many rows went. */
export async function sweep(
  engine: Engine,
  nowMs: number,
  retention: Retention = {},
): Promise<number> {
  const journalKeepMs = retention.journalMs ?? JOURNAL_KEEP_MS
  const auditKeepMs = retention.auditMs ?? AUDIT_KEEP_MS
  let rows = await sweepShortLived(engine, nowMs)
  rows += await sweepOverrides(engine, nowMs - OVERRIDE_KEEP_MS)
  rows += await inSteps(() => sweepJournal(engine, nowMs - journalKeepMs))
  rows += await inSteps(() => sweepAudit(engine, nowMs - auditKeepMs))
  return rows
}

/** What a passcode leaves goes when it can no longer be used, not with the next round of housekeeping. protocol.md §6 */
export async function sweepPasscodes({ db }: Engine, nowMs: number): Promise<void> {
  await db.deleteFrom('passcodes').where('expires_at_ms', '<=', nowMs).execute()
}

async function inSteps(step: () => Promise<number>): Promise<number> {
  let rows = 0
  for (let last = 1; last > 0; rows += last) last = await step()
  return rows
}

async function sweepShortLived({ db }: Engine, nowMs: number): Promise<number> {
  const results = [
    await db.deleteFrom('passcodes').where('expires_at_ms', '<=', nowMs).executeTakeFirst(),
    await db.deleteFrom('ended_sessions').where('expires_at_ms', '<=', nowMs).executeTakeFirst(),
    await db.deleteFrom('delivered_halves').where('expires_at_ms', '<=', nowMs).executeTakeFirst(),
    await db.deleteFrom('associations').where('lapses_at_ms', '<=', nowMs).executeTakeFirst(),
    await db.deleteFrom('passkeys').where('lapses_at_ms', '<=', nowMs).executeTakeFirst(),
    await db.deleteFrom('rate_counters').where('window_end_ms', '<=', nowMs).executeTakeFirst(),
  ]
  return results.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0)
}

/** All overrides of a message go together, once the latest expiry that any of them knows is over. */
async function sweepOverrides({ db }: Engine, beforeMs: number): Promise<number> {
  const result = await db
    .deleteFrom('overrides')
    .where('message_id', 'in', e =>
      e
        .selectFrom('overrides')
        .select('message_id')
        .groupBy('message_id')
        .having(h => h.fn.max('last_expiry_ms'), '<=', beforeMs)
        .having(h => h(h.fn.countAll(), '=', h.fn.count('last_expiry_ms'))),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

async function sweepJournal({ db }: Engine, beforeMs: number): Promise<number> {
  const result = await db
    .deleteFrom('journal')
    .where('seq', 'in', e =>
      e
        .selectFrom('journal')
        .select('seq')
        .where('expires_at_ms', '<=', beforeMs)
        .limit(SWEEP_BATCH),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Rows are numbered in the order of time, so only the oldest numbers are looked at: no index on the time is needed. */
async function sweepAudit({ db }: Engine, beforeMs: number): Promise<number> {
  const result = await db
    .deleteFrom('audit')
    .where('at_ms', '<=', beforeMs)
    .where('id', '<=', e =>
      e.selectFrom('audit').select(sql<number>`min(id) + ${sql.lit(SWEEP_BATCH)}`.as('last')),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
