import type { Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { MAX_LISTED_ASSOCIATIONS } from './limits.ts'
import type { Schema } from './schema.ts'
import type { AssociationStore, StoredAssociation } from './store.ts'

type Row = Selectable<Schema['associations']>

/** Accounts and addresses of the same person; nothing in a row can be read as either. */
export function associationStore(engine: Engine): AssociationStore {
  const { db } = engine
  const living = (organisationId: string, nowMs: number) =>
    db
      .selectFrom('associations')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('lapses_at_ms', '>', nowMs)
      .orderBy('created_at_ms')
      .orderBy('id')
      .limit(MAX_LISTED_ASSOCIATIONS)
  return {
    async put(association) {
      const row = toRow(association)
      const { provider, assurance, last_proven_at_ms, lapses_at_ms } = row
      const { id } = await db
        .insertInto('associations')
        .values(row)
        .onConflict(c =>
          c
            .columns(['organisation_id', 'account_hash', 'address_hash'])
            .doUpdateSet({ provider, assurance, last_proven_at_ms, lapses_at_ms }),
        )
        .returning('id')
        .executeTakeFirstOrThrow()
      return id === association.id
    },
    async renew({ organisationId, accountHash, addressHash }, provenAtMs, lapsesAtMs) {
      const result = await db
        .updateTable('associations')
        .set({ last_proven_at_ms: provenAtMs, lapses_at_ms: lapsesAtMs })
        .where('organisation_id', '=', organisationId)
        .where('account_hash', '=', accountHash)
        .where('address_hash', '=', addressHash)
        .where('lapses_at_ms', '>', provenAtMs)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
    async ofAccount(organisationId, accountHash, nowMs) {
      const query = living(organisationId, nowMs).where('account_hash', '=', accountHash)
      return (await query.execute()).map(fromRow)
    },
    async ofAddress(organisationId, addressHash, nowMs) {
      const query = living(organisationId, nowMs).where('address_hash', '=', addressHash)
      return (await query.execute()).map(fromRow)
    },
    async remove(organisationId, id) {
      const query = db
        .deleteFrom('associations')
        .where('organisation_id', '=', organisationId)
        .where('id', '=', id)
        .returning('id')
      return (await query.execute()).length > 0
    },
  }
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
