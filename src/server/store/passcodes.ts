import type { Engine } from './engine.ts'
import type { PasscodeStore, StoredDelivery } from './store.ts'

/** Each decision is one statement, so it holds however many nodes ask at the same time. */
export function passcodeStore(engine: Engine): PasscodeStore {
  return {
    open: (challengeId, expiresAtMs) => open(engine, challengeId, expiresAtMs),
    countTry: (challengeId, nowMs) => countTry(engine, challengeId, nowMs),
    use: challengeId => use(engine, challengeId),
    setDelivery: (challengeId, delivery) => setDelivery(engine, challengeId, delivery),
    delivery: challengeId => findDelivery(engine, challengeId),
  }
}

async function open({ db }: Engine, challengeId: string, expiresAtMs: number): Promise<void> {
  await db
    .insertInto('passcodes')
    .values({ challenge_id: challengeId, tries: 0, used: 0, expires_at_ms: expiresAtMs })
    .execute()
}

async function countTry(
  { db }: Engine,
  challengeId: string,
  nowMs: number,
): Promise<number | undefined> {
  const row = await db
    .updateTable('passcodes')
    .set(e => ({ tries: e('tries', '+', 1) }))
    .where('challenge_id', '=', challengeId)
    .where('used', '=', 0)
    .where('expires_at_ms', '>', nowMs)
    .returning('tries')
    .executeTakeFirst()
  return row?.tries
}

async function use({ db }: Engine, challengeId: string): Promise<boolean> {
  const result = await db
    .updateTable('passcodes')
    .set({ used: 1 })
    .where('challenge_id', '=', challengeId)
    .where('used', '=', 0)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

async function setDelivery(
  { db }: Engine,
  challengeId: string,
  { state, atMs, reason }: StoredDelivery,
): Promise<void> {
  await db
    .updateTable('passcodes')
    .set({ delivery_state: state, delivery_at_ms: atMs, delivery_reason: reason })
    .where('challenge_id', '=', challengeId)
    .execute()
}

async function findDelivery(
  { db }: Engine,
  challengeId: string,
): Promise<StoredDelivery | undefined> {
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
}
