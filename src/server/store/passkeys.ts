import type { Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { MAX_LISTED_PASSKEYS } from './limits.ts'
import type { PasskeyStore, StoredPasskey } from './passkey-store.ts'
import type { Schema } from './schema.ts'

type Row = Selectable<Schema['passkeys']>

/** Public keys of passkeys; whose they are stands there as a keyed hash only. */
export function passkeyStore({ db }: Engine): PasskeyStore {
  return {
    async add(passkey) {
      const added = await db
        .insertInto('passkeys')
        .values(toRow(passkey))
        .onConflict(c => c.column('credential_id').doNothing())
        .returning('id')
        .execute()
      return added.length > 0
    },
    async find(credentialId, nowMs) {
      const row = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('credential_id', '=', credentialId)
        .where('lapses_at_ms', '>', nowMs)
        .executeTakeFirst()
      return row === undefined ? undefined : fromRow(row)
    },
    async ofAddress(organisationId, addressHash, nowMs) {
      const rows = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .where('address_hash', '=', addressHash)
        .where('lapses_at_ms', '>', nowMs)
        .orderBy('created_at_ms')
        .orderBy('id')
        .limit(MAX_LISTED_PASSKEYS)
        .execute()
      return rows.map(fromRow)
    },
    async count(id, counter) {
      const counted = await db
        .updateTable('passkeys')
        .set({ counter })
        .where('id', '=', id)
        .where('counter', counter === 0 ? '=' : '<', counter)
        .returning('id')
        .execute()
      return counted.length > 0
    },
    async renew(id, provenAtMs, lapsesAtMs) {
      const renewed = await db
        .updateTable('passkeys')
        .set({ last_proven_at_ms: provenAtMs, lapses_at_ms: lapsesAtMs })
        .where('id', '=', id)
        .where('lapses_at_ms', '>', provenAtMs)
        .returning('id')
        .execute()
      return renewed.length > 0
    },
    async remove(organisationId, addressHash, id) {
      const removed = await db
        .deleteFrom('passkeys')
        .where('organisation_id', '=', organisationId)
        .where('address_hash', '=', addressHash)
        .where('id', '=', id)
        .returning('id')
        .execute()
      return removed.length > 0
    },
  }
}

function toRow(passkey: StoredPasskey): Row {
  return {
    id: passkey.id,
    credential_id: passkey.credentialId,
    organisation_id: passkey.organisationId,
    address_hash: passkey.addressHash,
    public_key: passkey.publicKey,
    counter: passkey.counter,
    assurance: passkey.assurance,
    created_at_ms: passkey.createdAtMs,
    last_proven_at_ms: passkey.lastProvenAtMs,
    lapses_at_ms: passkey.lapsesAtMs,
  }
}

function fromRow(row: Row): StoredPasskey {
  return {
    id: row.id,
    credentialId: row.credential_id,
    organisationId: row.organisation_id,
    addressHash: row.address_hash,
    publicKey: row.public_key,
    counter: row.counter,
    assurance: row.assurance as StoredPasskey['assurance'],
    createdAtMs: row.created_at_ms,
    lastProvenAtMs: row.last_proven_at_ms,
    lapsesAtMs: row.lapses_at_ms,
  }
}
