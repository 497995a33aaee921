import type { CompiledQuery, Selectable } from 'kysely'
import type { Engine } from './engine.ts'
import { groupedWrites } from './grouped-writes.ts'
import { messageIdFromBytes, messageIdToBytes } from './message-id.ts'
import { queryTemplate } from './query-template.ts'
import type { Schema } from './schema.ts'
import type { JournalEntry, JournalStore } from './store.ts'

type Row = Selectable<Schema['journal']>

export function journalStore(engine: Engine): JournalStore {
  const recordQueries = recordQueriesOf(engine)
  const write = groupedWrites(engine)
  return {
    record: async entry => write(recordQueries(entry)),
    find: messageId => find(engine, messageId),
    list: (organisationId, options) => list(engine, organisationId, options),
  }
}

/** A retry of the same message adds its recipients and keeps the later expiry. */
function recordQueriesOf(engine: Engine): (entry: JournalEntry) => CompiledQuery[] {
  const message = messageQuery(engine)
  const recipientOf = recipientQuery(engine)
  return entry => {
    const message_id = messageIdToBytes(entry.messageId)
    const row = message({
      message_id,
      organisation_id: entry.organisationId,
      sender: entry.sender,
      created_at_ms: entry.createdAtMs,
      expires_at_ms: entry.expiresAtMs,
      template: entry.template,
    })
    const recipients = [...new Set(entry.recipients)].sort()
    return [row, ...recipients.map(recipient => recipientOf({ message_id, recipient }))]
  }
}

function messageQuery({ db }: Engine): (row: Omit<Row, 'seq'>) => CompiledQuery {
  return queryTemplate(row =>
    db
      .insertInto('journal')
      .values({
        message_id: row.message_id,
        organisation_id: row.organisation_id,
        sender: row.sender,
        created_at_ms: row.created_at_ms,
        expires_at_ms: row.expires_at_ms,
        template: row.template,
      })
      .onConflict(c =>
        c.column('message_id').doUpdateSet(e => ({
          expires_at_ms: e
            .case()
            .when(e.ref('excluded.expires_at_ms'), '>', e.ref('journal.expires_at_ms'))
            .then(e.ref('excluded.expires_at_ms'))
            .when(e.ref('excluded.expires_at_ms'), 'is', null)
            .then(null)
            .else(e.ref('journal.expires_at_ms'))
            .end(),
        })),
      ),
  )
}

function recipientQuery({
  db,
}: Engine): (values: Pick<Row, 'message_id'> & { recipient: string }) => CompiledQuery {
  return queryTemplate(values =>
    db
      .insertInto('journal_recipients')
      .columns(['seq', 'recipient'])
      .expression(e =>
        e
          .selectFrom('journal')
          .select(s => ['seq', s.val(values.recipient).as('recipient')])
          .where('message_id', '=', values.message_id)
          // The row of the message is locked by now, so nobody else adds the same recipient meanwhile.
          .where(s =>
            s.not(
              s.exists(
                s
                  .selectFrom('journal_recipients')
                  .select('journal_recipients.seq')
                  .whereRef('journal_recipients.seq', '=', 'journal.seq')
                  .where('journal_recipients.recipient', '=', values.recipient),
              ),
            ),
          ),
      )
      .onConflict(c => c.doNothing()),
  )
}

async function find(engine: Engine, messageId: string): Promise<JournalEntry | undefined> {
  const row = await engine.db
    .selectFrom('journal')
    .selectAll()
    .where('message_id', '=', messageIdToBytes(messageId))
    .executeTakeFirst()
  return row && (await withRecipients(engine, [row]))[0]
}

async function list(
  engine: Engine,
  organisationId: string,
  options: { limit: number; beforeMs?: number },
): Promise<readonly JournalEntry[]> {
  let query = engine.db
    .selectFrom('journal')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('created_at_ms', 'desc')
    .orderBy('seq', 'desc')
    .limit(options.limit)
  if (options.beforeMs !== undefined) query = query.where('created_at_ms', '<', options.beforeMs)
  return withRecipients(engine, await query.execute())
}

async function withRecipients(
  { db }: Engine,
  rows: readonly Row[],
): Promise<readonly JournalEntry[]> {
  if (rows.length === 0) return []
  const seqs = rows.map(row => row.seq)
  const recipients = await db
    .selectFrom('journal_recipients')
    .selectAll()
    .where('seq', 'in', seqs)
    .orderBy('recipient')
    .execute()
  const bySeq = Map.groupBy(recipients, row => row.seq)
  return rows.map(row => ({
    messageId: messageIdFromBytes(row.message_id),
    organisationId: row.organisation_id,
    sender: row.sender,
    recipients: (bySeq.get(row.seq) ?? []).map(({ recipient }) => recipient),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    template: row.template,
  }))
}
