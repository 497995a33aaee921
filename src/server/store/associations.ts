import type { Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { MAX_LISTED_ASSOCIATIONS } from './limits.ts'
import type { Schema } from './schema.ts'
import type { AssociationStore, StoredAssociation } from './store.ts'

type Row = Selectable<Schema['associations']>
type Key = Pick<StoredAssociation, 'organisationId' | 'accountHash' | 'addressHash'>

/** Accounts and addresses of the same person; nothing in a row can be read as either. */
export function associationStore(engine: Engine): AssociationStore {
  return {
    put: association => put(engine, association),
    renew: (key, provenAtMs, lapsesAtMs) => renew(engine, key, provenAtMs, lapsesAtMs),
    ofAccount: async (organisationId, accountHash, nowMs) =>
      fromRows(living(engine, organisationId, nowMs).where('account_hash', '=', accountHash)),
    ofAddress: async (organisationId, addressHash, nowMs) =>
      fromRows(living(engine, organisationId, nowMs).where('address_hash', '=', addressHash)),
    remove: (organisationId, id) => remove(engine, organisationId, id),
  }
}

function living({ db }: Engine, organisationId: string, nowMs: number) {
  return db
    .selectFrom('associations')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('lapses_at_ms', '>', nowMs)
    .orderBy('created_at_ms')
    .orderBy('id')
    .limit(MAX_LISTED_ASSOCIATIONS)
}

async function fromRows(query: ReturnType<typeof living>): Promise<readonly StoredAssociation[]> {
  return (await query.execute()).map(fromRow)
}

/** One that has lapsed goes first, so that the new one is new. */
async function put(engine: Engine, association: StoredAssociation): Promise<boolean> {
  const lapsed = engine.db
    .deleteFrom('associations')
    .where('organisation_id', '=', association.organisationId)
    .where('account_hash', '=', association.accountHash)
    .where('address_hash', '=', association.addressHash)
    .where('lapses_at_ms', '<=', association.createdAtMs)
    .compile()
  const [, added] = await engine.atomically([lapsed, insert(engine, association)])
  const [row] = (added?.rows ?? []) as readonly { readonly id: string }[]
  return row?.id === association.id
}

function insert({ db }: Engine, association: StoredAssociation) {
  const row = toRow(association)
  const { provider, assurance, last_proven_at_ms, lapses_at_ms } = row
  return db
    .insertInto('associations')
    .values(row)
    .onConflict(c =>
      c
        .columns(['organisation_id', 'account_hash', 'address_hash'])
        .doUpdateSet({ provider, assurance, last_proven_at_ms, lapses_at_ms }),
    )
    .returning('id')
    .compile()
}

async function renew(
  { db }: Engine,
  { organisationId, accountHash, addressHash }: Key,
  provenAtMs: number,
  lapsesAtMs: number,
): Promise<boolean> {
  const result = await db
    .updateTable('associations')
    .set({ last_proven_at_ms: provenAtMs, lapses_at_ms: lapsesAtMs })
    .where('organisation_id', '=', organisationId)
    .where('account_hash', '=', accountHash)
    .where('address_hash', '=', addressHash)
    .where('lapses_at_ms', '>', provenAtMs)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

async function remove({ db }: Engine, organisationId: string, id: string): Promise<boolean> {
  const query = db
    .deleteFrom('associations')
    .where('organisation_id', '=', organisationId)
    .where('id', '=', id)
    .returning('id')
  return (await query.execute()).length > 0
}

function toRow(association: StoredAssociation): Row {
  return {
    id: association.id,
    organisation_id: association.organisationId,
    account_hash: association.accountHash,
    address_hash: association.addressHash,
    provider: association.provider,
    assurance: association.assurance,
    created_at_ms: association.createdAtMs,
    last_proven_at_ms: association.lastProvenAtMs,
    lapses_at_ms: association.lapsesAtMs,
  }
}

function fromRow(row: Row): StoredAssociation {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    accountHash: row.account_hash,
    addressHash: row.address_hash,
    provider: row.provider,
    assurance: row.assurance as StoredAssociation['assurance'],
    createdAtMs: row.created_at_ms,
    lastProvenAtMs: row.last_proven_at_ms,
    lapsesAtMs: row.lapses_at_ms,
  }
}
