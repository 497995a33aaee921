import type { Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { messageIdFromBytes, messageIdToBytes } from './message-id.ts'
import type { Schema } from './schema.ts'
import type { AuditEntry, AuditStore, NewAuditEntry } from './store.ts'

type Row = Selectable<Schema['audit']>

export function auditStore(engine: Engine): AuditStore {
  return {
    async append(entry) {
      await engine.db
        .insertInto('audit')
        .values({
          organisation_id: entry.organisationId,
          message_id: messageIdToBytes(entry.messageId),
          event: entry.event,
          recipient: entry.recipient,
          method: entry.method,
          assurance: entry.assurance,
          at_ms: entry.atMs,
        })
        .execute()
    },
    async list(organisationId, options) {
      let query = engine.db
        .selectFrom('audit')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .orderBy('id', 'desc')
        .limit(options.limit)
      if (options.messageId !== undefined)
        query = query.where('message_id', '=', messageIdToBytes(options.messageId))
      if (options.beforeId !== undefined) query = query.where('id', '<', options.beforeId)
      return (await query.execute()).map(fromRow)
    },
  }
}

function fromRow(row: Row): AuditEntry {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    messageId: messageIdFromBytes(row.message_id),
    event: row.event as NewAuditEntry['event'],
    recipient: row.recipient,
    method: row.method as NewAuditEntry['method'],
    assurance: row.assurance as NewAuditEntry['assurance'],
    atMs: row.at_ms,
  }
}
