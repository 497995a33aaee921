import type { Insertable, Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { messageIdFromBytes, messageIdToBytes } from './message-id.ts'
import type { Schema } from './schema.ts'
import type { OverrideStore, StoredOverride } from './store.ts'

type Row = Selectable<Schema['overrides']>

/** In the table an empty recipient stands for all, because a key column cannot be null. */
export function overrideStore(engine: Engine): OverrideStore {
  return {
    async list(messageId) {
      const query = engine.db
        .selectFrom('overrides')
        .selectAll()
        .where('message_id', '=', messageIdToBytes(messageId))
        .orderBy('recipient')
      return (await query.execute()).map(fromRow)
    },
    async put(override) {
      const row = toRow(override)
      const query = engine.db
        .insertInto('overrides')
        .values(row)
        .onConflict(c => c.columns(['message_id', 'recipient']).doUpdateSet(row))
      await engine.durably([query.compile()])
    },
  }
}

function fromRow(row: Row): StoredOverride {
  return {
    messageId: messageIdFromBytes(row.message_id),
    organisationId: row.organisation_id,
    recipient: row.recipient === '' ? null : row.recipient,
    revoked: row.revoked === 1,
    changesExpiry: row.changes_expiry === 1,
    expiresAtMs: row.expires_at_ms,
    lastExpiryMs: row.last_expiry_ms,
    createdAtMs: row.created_at_ms,
  }
}

function toRow(override: StoredOverride): Insertable<Schema['overrides']> {
  return {
    message_id: messageIdToBytes(override.messageId),
    recipient: override.recipient ?? '',
    organisation_id: override.organisationId,
    revoked: override.revoked ? 1 : 0,
    changes_expiry: override.changesExpiry ? 1 : 0,
    expires_at_ms: override.expiresAtMs,
    last_expiry_ms: override.lastExpiryMs ?? null,
    created_at_ms: override.createdAtMs,
  }
}
