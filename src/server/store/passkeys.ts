import type { Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { MAX_LISTED_PASSKEYS } from './limits.ts'
import type { PasskeyStore, StoredPasskey } from './passkey-store.ts'
import type { Schema } from './schema.ts'

type Row = Selectable<Schema['passkeys']>

/** Public keys of passkeys; whose they are stands there as a keyed hash only. */
export function passkeyStore(engine: Engine): PasskeyStore {
  return {
    add: passkey => add(engine, passkey),
    find: async (credentialId, nowMs) =>
      first(living(engine, nowMs).where('credential_id', '=', credentialId)),
    byId: async (organisationId, id, nowMs) =>
      first(
        living(engine, nowMs).where('organisation_id', '=', organisationId).where('id', '=', id),
      ),
    ofAddress: (organisationId, addressHash, nowMs) =>
      ofAddress(engine, organisationId, addressHash, nowMs),
    count: (id, counter) => count(engine, id, counter),
    renew: (id, provenAtMs, lapsesAtMs) => renew(engine, id, provenAtMs, lapsesAtMs),
    remove: (organisationId, addressHash, id) => remove(engine, organisationId, addressHash, id),
  }
}

function living({ db }: Engine, nowMs: number) {
  return db.selectFrom('passkeys').selectAll().where('lapses_at_ms', '>', nowMs)
}

async function first(query: ReturnType<typeof living>): Promise<StoredPasskey | undefined> {
  const row = await query.executeTakeFirst()
  return row === undefined ? undefined : fromRow(row)
}

async function add({ db }: Engine, passkey: StoredPasskey): Promise<boolean> {
  const added = await db
    .insertInto('passkeys')
    .values(toRow(passkey))
    .onConflict(c => c.column('credential_id').doNothing())
    .returning('id')
    .execute()
  return added.length > 0
}

async function ofAddress(
  engine: Engine,
  organisationId: string,
  addressHash: Uint8Array,
  nowMs: number,
): Promise<readonly StoredPasskey[]> {
  const rows = await living(engine, nowMs)
    .where('organisation_id', '=', organisationId)
    .where('address_hash', '=', addressHash)
    .orderBy('created_at_ms')
    .orderBy('id')
    .limit(MAX_LISTED_PASSKEYS)
    .execute()
  return rows.map(fromRow)
}

async function count({ db }: Engine, id: string, counter: number): Promise<boolean> {
  const counted = await db
    .updateTable('passkeys')
    .set({ counter })
    .where('id', '=', id)
    .where('counter', counter === 0 ? '=' : '<', counter)
    .returning('id')
    .execute()
  return counted.length > 0
}

async function renew(
  { db }: Engine,
  id: string,
  provenAtMs: number,
  lapsesAtMs: number,
): Promise<boolean> {
  const renewed = await db
    .updateTable('passkeys')
    .set({ last_proven_at_ms: provenAtMs, lapses_at_ms: lapsesAtMs, mailbox_proven: 1 })
    .where('id', '=', id)
    .where('lapses_at_ms', '>', provenAtMs)
    .returning('id')
    .execute()
  return renewed.length > 0
}

async function remove(
  { db }: Engine,
  organisationId: string,
  addressHash: Uint8Array,
  id: string,
): Promise<boolean> {
  const removed = await db
    .deleteFrom('passkeys')
    .where('organisation_id', '=', organisationId)
    .where('address_hash', '=', addressHash)
    .where('id', '=', id)
    .returning('id')
    .execute()
  return removed.length > 0
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
    provider: passkey.ground?.provider ?? '',
    realm: passkey.ground?.realm ?? '',
    mailbox_proven: passkey.mailboxProven ? 1 : 0,
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
    ground: row.provider === '' ? null : { provider: row.provider, realm: row.realm },
    mailboxProven: row.mailbox_proven === 1,
    createdAtMs: row.created_at_ms,
    lastProvenAtMs: row.last_proven_at_ms,
    lapsesAtMs: row.lapses_at_ms,
  }
}
