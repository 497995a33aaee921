import type { CompiledQuery, Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { messageIdFromBytes, messageIdToBytes } from './message-id.ts'
import type { Schema } from './schema.ts'
import type { AuditEntry, AuditNote, AuditStore } from './store.ts'

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
    async note(organisationId, event, atMs) {
      await engine.db.executeQuery(auditNote(engine, organisationId, event, atMs))
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

/** A line without anybody's address. */
export function auditNote(
  { db }: Engine,
  organisationId: string,
  event: AuditNote,
  atMs: number,
): CompiledQuery {
  return db
    .insertInto('audit')
    .values({
      organisation_id: organisationId,
      message_id: new Uint8Array(0),
      event,
      recipient: '',
      method: '',
      assurance: '',
      at_ms: atMs,
    })
    .compile()
}

function fromRow(row: Row): AuditEntry {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    messageId: messageIdFromBytes(row.message_id),
    event: row.event as AuditEntry['event'],
    recipient: row.recipient,
    method: row.method as AuditEntry['method'],
    assurance: row.assurance as AuditEntry['assurance'],
    atMs: row.at_ms,
  }
}
