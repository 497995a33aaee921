import type { Engine } from './engine.ts'
import type { PasscodeStore, StoredDelivery } from './store.ts'

/** Each decision is one statement, so it holds however many nodes ask at the same time. */
export function passcodeStore({ db }: Engine): PasscodeStore {
  return {
    async open(challengeId, expiresAtMs) {
      await db
        .insertInto('passcodes')
        .values({ challenge_id: challengeId, tries: 0, used: 0, expires_at_ms: expiresAtMs })
        .execute()
    },
    async countTry(challengeId, nowMs) {
      const row = await db
        .updateTable('passcodes')
        .set(e => ({ tries: e('tries', '+', 1) }))
        .where('challenge_id', '=', challengeId)
        .where('used', '=', 0)
        .where('expires_at_ms', '>', nowMs)
        .returning('tries')
        .executeTakeFirst()
      return row?.tries
    },
    async use(challengeId) {
      const result = await db
        .updateTable('passcodes')
        .set({ used: 1 })
        .where('challenge_id', '=', challengeId)
        .where('used', '=', 0)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
    async setDelivery(challengeId, delivery) {
      await db
        .updateTable('passcodes')
        .set({
          delivery_state: delivery.state,
          delivery_at_ms: delivery.atMs,
          delivery_reason: delivery.reason,
        })
        .where('challenge_id', '=', challengeId)
        .execute()
    },
    async delivery(challengeId) {
      const row = await db
        .selectFrom('passcodes')
        .select(['delivery_state', 'delivery_at_ms', 'delivery_reason'])
        .where('challenge_id', '=', challengeId)
        .executeTakeFirst()
      if (!row || row.delivery_state === null) return undefined
      return {
        state: row.delivery_state as StoredDelivery['state'],
        atMs: row.delivery_at_ms ?? 0,
        reason: row.delivery_reason ?? '',
      }
    },
  }
}
