import {
  type ExpressionBuilder,
  type Insertable,
  type Selectable,
  type SqlBool,
  type Expression,
  sql,
} from 'kysely'
import type { Engine } from './engine.ts'
import { KEY_GRACE_MS } from './limits.ts'
import type { Schema } from './schema.ts'
import type { KeyPurpose, OrganisationKeyStore, StoredKey } from './store.ts'

type Row = Selectable<Schema['organisation_keys']>

/** Every write is durable: a key that a sealed mail needs must outlive a power cut. */
export function organisationKeyStore(engine: Engine): OrganisationKeyStore {
  return {
    find: id => find(engine, id),
    list: (organisationId, purpose) => list(engine, organisationId, purpose),
    all: () => all(engine),
    add: key => add(engine, key),
    addMissing: keys => addMissing(engine, keys),
    replace: key => replace(engine, key),
    retire: (id, atMs) => retire(engine, id, atMs),
    setCertificate: (id, certificate) => setCertificate(engine, id, certificate),
    extendDestroyAfter: (id, atMs) => extendDestroyAfter(engine, id, atMs),
    destroy: (ids, atMs) => destroy(engine, ids, atMs),
    destroyExpired: (nowMs, watchedMs) => destroyExpired(engine, nowMs, watchedMs),
    scrub: () => scrubDestroyed(engine),
  }
}

async function find({ db }: Engine, id: string): Promise<StoredKey | undefined> {
  const query = db.selectFrom('organisation_keys').selectAll().where('id', '=', id)
  const row = await query.executeTakeFirst()
  return row && fromRow(row)
}

async function list(
  { db }: Engine,
  organisationId: string,
  purpose: KeyPurpose | undefined,
): Promise<readonly StoredKey[]> {
  let query = db
    .selectFrom('organisation_keys')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('created_at_ms')
    .orderBy('id')
  if (purpose) query = query.where('purpose', '=', purpose)
  return (await query.execute()).map(fromRow)
}

async function all({ db }: Engine): Promise<readonly StoredKey[]> {
  const query = db.selectFrom('organisation_keys').selectAll()
  return (await query.orderBy('created_at_ms').orderBy('id').execute()).map(fromRow)
}

async function add(engine: Engine, key: StoredKey): Promise<boolean> {
  const [result] = await engine.durably([insert(engine, key)])
  return result?.numAffectedRows === 1n
}

/** In one transaction: thirty keys, each on the disk for itself, would be most of the first start. */
async function addMissing(engine: Engine, keys: readonly StoredKey[]): Promise<void> {
  if (keys.length > 0) await engine.durably(keys.map(key => insert(engine, key)))
}

async function replace(engine: Engine, key: StoredKey): Promise<void> {
  const retireOthers = engine.db
    .updateTable('organisation_keys')
    .set({ retired_at_ms: key.createdAtMs })
    .where('organisation_id', '=', key.organisationId)
    .where('purpose', '=', key.purpose)
    .where('month', '=', key.month)
    .where('expiry_class', '=', key.expiryClass)
    .where('retired_at_ms', 'is', null)
    .compile()
  await engine.durably([retireOthers, insert(engine, key)])
}

function insert({ db }: Engine, key: StoredKey) {
  return db
    .insertInto('organisation_keys')
    .values(toRow(key))
    .onConflict(c => c.doNothing())
    .compile()
}

async function retire(engine: Engine, id: string, atMs: number): Promise<void> {
  const query = engine.db
    .updateTable('organisation_keys')
    .set({ retired_at_ms: atMs })
    .where('id', '=', id)
    .where('retired_at_ms', 'is', null)
  await engine.durably([query.compile()])
}

async function setCertificate(engine: Engine, id: string, certificate: Uint8Array): Promise<void> {
  const query = engine.db.updateTable('organisation_keys').set({ certificate }).where('id', '=', id)
  await engine.durably([query.compile()])
}

async function extendDestroyAfter(
  engine: Engine,
  id: string,
  destroyAfterMs: number | null,
): Promise<boolean> {
  let query = engine.db
    .updateTable('organisation_keys')
    .set({ destroy_after_ms: destroyAfterMs })
    .where('id', '=', id)
    .where('wrapped_private_key', 'is not', null)
    .where('destroy_after_ms', 'is not', null)
  if (destroyAfterMs !== null) query = query.where('destroy_after_ms', '<', destroyAfterMs)
  await engine.durably([query.compile()])
  const key = await find(engine, id)
  return key !== undefined && key.wrappedPrivateKey !== null
}

async function destroyExpired(
  engine: Engine,
  nowMs: number,
  watchedMs: number,
): Promise<readonly string[]> {
  const isOver = (e: ExpressionBuilder<Schema, 'organisation_keys'>) =>
    e.and([
      e('wrapped_private_key', 'is not', null),
      e('destroy_after_ms', '<=', nowMs),
      e('marked_ms', '<=', watchedMs - KEY_GRACE_MS),
    ])
  const destroyMarked = withoutPrivateHalf(engine, nowMs).where(isOver).returning('id')
  const queries = [
    ...markExpired(engine, nowMs, watchedMs),
    scrubWhen(engine, nowMs, isOver),
    destroyMarked,
  ]
  const result = (await engine.durably(queries.map(query => query.compile()))).at(-1)
  return (result?.rows ?? []).map(row => (row as { id: string }).id)
}

/** A key whose time is not over after all (the clock was wrong, the expiry was extended) loses its mark. */
function markExpired({ db }: Engine, nowMs: number, watchedMs: number) {
  const keys = db.updateTable('organisation_keys')
  return [
    keys
      .set({ marked_ms: null })
      .where('marked_ms', 'is not', null)
      .where(e => e.or([e('destroy_after_ms', 'is', null), e('destroy_after_ms', '>', nowMs)])),
    keys
      .set({ marked_ms: watchedMs })
      .where('marked_ms', 'is', null)
      .where('wrapped_private_key', 'is not', null)
      .where('destroy_after_ms', '<=', nowMs),
  ]
}

async function destroy(engine: Engine, ids: readonly string[], atMs: number): Promise<void> {
  if (ids.length === 0) return
  const isOne = (e: ExpressionBuilder<Schema, 'organisation_keys'>) => e('id', 'in', ids)
  await engine.durably([
    scrubWhen(engine, atMs, isOne).compile(),
    withoutPrivateHalf(engine, atMs).where(isOne).compile(),
  ])
  await scrubDestroyed(engine)
}

function withoutPrivateHalf({ db }: Engine, atMs: number) {
  return db
    .updateTable('organisation_keys')
    .set(e => ({
      wrapped_private_key: null,
      retired_at_ms: e.fn.coalesce('retired_at_ms', e.val(atMs)),
    }))
    .where('wrapped_private_key', 'is not', null)
}

/** The row that says that the files still hold something of a destroyed key. */
const SCRUB = 'scrub'

/** Notes, with what destroys them, that keys leave something behind; `which` they are. */
function scrubWhen(
  { db }: Engine,
  nowMs: number,
  which: (e: ExpressionBuilder<Schema, 'organisation_keys'>) => Expression<SqlBool>,
) {
  return db
    .insertInto('housekeeping')
    .columns(['name', 'last_ms', 'watched_ms'])
    .expression(
      db
        .selectFrom('organisation_keys')
        .select([
          sql.lit(SCRUB).as('name'),
          sql.lit(nowMs).as('last_ms'),
          sql.lit(0).as('watched_ms'),
        ])
        .where(which)
        .limit(1),
    )
    .onConflict(c => c.column('name').doUpdateSet({ watched_ms: sql`housekeeping.watched_ms + 1` }))
}

async function scrubDestroyed(engine: Engine): Promise<boolean> {
  const { db } = engine
  const due = await db
    .selectFrom('housekeeping')
    .selectAll()
    .where('name', '=', SCRUB)
    .executeTakeFirst()
  if (due === undefined) return true
  if (!(await engine.scrub())) return false
  // Unless another node has destroyed more meanwhile.
  await db
    .deleteFrom('housekeeping')
    .where('name', '=', SCRUB)
    .where('last_ms', '=', due.last_ms)
    .where('watched_ms', '=', due.watched_ms)
    .execute()
  return true
}

function fromRow(row: Row): StoredKey {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    purpose: row.purpose as KeyPurpose,
    publicKey: row.public_key,
    wrappedPrivateKey: row.wrapped_private_key,
    certificate: row.certificate,
    month: row.month,
    expiryClass: row.expiry_class,
    createdAtMs: row.created_at_ms,
    retiredAtMs: row.retired_at_ms,
    destroyAfterMs: row.destroy_after_ms,
  }
}

function toRow(key: StoredKey): Insertable<Schema['organisation_keys']> {
  return {
    id: key.id,
    organisation_id: key.organisationId,
    purpose: key.purpose,
    public_key: key.publicKey,
    wrapped_private_key: key.wrappedPrivateKey,
    certificate: key.certificate,
    month: key.month,
    expiry_class: key.expiryClass,
    created_at_ms: key.createdAtMs,
    retired_at_ms: key.retiredAtMs,
    destroy_after_ms: key.destroyAfterMs,
  }
}
