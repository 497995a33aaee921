import type { Engine } from './engine.ts'
import { queryTemplate } from './query-template.ts'
import type { DeliveredHalfStore, EndedSessionStore, RateStore } from './store.ts'

export function endedSessionStore(engine: Engine): EndedSessionStore {
  return {
    async end(sessionId, expiresAtMs) {
      const query = engine.db
        .insertInto('ended_sessions')
        .values({ session_id: sessionId, expires_at_ms: expiresAtMs })
        .onConflict(c => c.doNothing())
      await engine.durably([query.compile()])
    },
    async isEnded(sessionId) {
      const row = await engine.db
        .selectFrom('ended_sessions')
        .select('session_id')
        .where('session_id', '=', sessionId)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

export function deliveredHalfStore({ db }: Engine): DeliveredHalfStore {
  // Asked for every mail.
  const findHalf = queryTemplate(({ hash, nowMs }: { hash: Uint8Array; nowMs: number }) =>
    db
      .selectFrom('delivered_halves')
      .select('expires_at_ms')
      .where('hash', '=', hash)
      .where('expires_at_ms', '>', nowMs),
  )
  return {
    async add(hash, expiresAtMs) {
      await db
        .insertInto('delivered_halves')
        .values({ hash, expires_at_ms: expiresAtMs })
        .onConflict(c => c.column('hash').doUpdateSet({ expires_at_ms: expiresAtMs }))
        .execute()
    },
    async has(hash, nowMs) {
      const { rows } = await db.executeQuery(findHalf({ hash, nowMs }))
      return rows.length > 0
    },
    async claim(hash, nowMs, untilMs) {
      const row = await db
        .insertInto('delivered_halves')
        .values({ hash, expires_at_ms: untilMs })
        .onConflict(c =>
          c
            .column('hash')
            .doUpdateSet({ expires_at_ms: untilMs })
            .where('delivered_halves.expires_at_ms', '<=', nowMs),
        )
        .returning('expires_at_ms')
        .executeTakeFirst()
      return row !== undefined
    },
    async prolong(hash, fromMs, untilMs) {
      const { numUpdatedRows } = await db
        .updateTable('delivered_halves')
        .set({ expires_at_ms: untilMs })
        .where('hash', '=', hash)
        .where('expires_at_ms', '=', fromMs)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async giveUp(hash, untilMs) {
      await db
        .deleteFrom('delivered_halves')
        .where('hash', '=', hash)
        .where('expires_at_ms', '=', untilMs)
        .execute()
    },
  }
}

export function rateStore({ db }: Engine): RateStore {
  return {
    async take(key, windowStartMs, windowEndMs) {
      const row = await db
        .insertInto('rate_counters')
        .values({
          key,
          window_start_ms: windowStartMs,
          window_end_ms: windowEndMs,
          taken: 1,
        })
        .onConflict(c =>
          c.columns(['key', 'window_start_ms']).doUpdateSet(e => ({
            taken: e(e.ref('rate_counters.taken'), '+', 1),
          })),
        )
        .returning('taken')
        .executeTakeFirstOrThrow()
      return row.taken
    },
    async find(keys) {
      return db
        .selectFrom('rate_counters')
        .select(['taken', 'window_end_ms as windowEndMs'])
        .where('key', 'in', keys)
        .orderBy('window_end_ms')
        .execute()
    },
  }
}
