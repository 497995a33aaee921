import { type Kysely, sql } from 'kysely'
import type { TableDialect } from './engine.ts'
import { FEWEST_OF_ORGANISATION } from './limits.ts'
import type { Schema } from './schema.ts'

/** One step of the schema; its number is its place in the list, counted from 1. Never change one that was released. */
export type Migration = (db: Kysely<Schema>, ddl: TableDialect) => Promise<void>

export const migrations: readonly Migration[] = [
  firstTables,
  createAssociations,
  createPasskeys,
  watchTheClock,
  addGroundsOfPasskeys,
  slimIndexes,
  keepKeysOutOfStatistics,
  countOrganisations,
  keepAddressesOutOfStatistics,
  roundCountsOfReaders,
]

async function firstTables(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await createKeys(db, ddl)
  await createJournal(db, ddl)
  await createOverrides(db, ddl)
  await createAudit(db, ddl)
  await createPasscodes(db, ddl)
  await createShortLived(db, ddl)
  await createUsage(db, ddl)
}

async function createKeys(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await db.schema
    .createTable('organisation_keys')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('organisation_id', 'text', c => c.notNull())
    .addColumn('purpose', 'text', c => c.notNull())
    .addColumn('public_key', ddl.bytes, c => c.notNull())
    .addColumn('wrapped_private_key', ddl.bytes)
    .addColumn('certificate', ddl.bytes)
    .addColumn('month', 'text', c => c.notNull())
    .addColumn('expiry_class', 'text', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('retired_at_ms', 'bigint')
    .addColumn('destroy_after_ms', 'bigint')
    .execute()
  await db.schema
    .createIndex('organisation_keys_current')
    .unique()
    .on('organisation_keys')
    .columns(['organisation_id', 'purpose', 'month', 'expiry_class'])
    .where(sql.ref('retired_at_ms'), 'is', null)
    .execute()
}

async function createJournal(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .numbered(db.schema.createTable('journal'), 'seq')
    .addColumn('message_id', ddl.bytes, c => c.notNull().unique())
    .addColumn('organisation_id', 'text', c => c.notNull())
    .addColumn('sender', 'text', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('expires_at_ms', 'bigint')
    .addColumn('template', 'text', c => c.notNull())
    .execute()
  const indexes = [
    { name: 'journal_newest', columns: ['organisation_id', 'created_at_ms'] },
    { name: 'journal_expiry', columns: ['expires_at_ms'] },
  ]
  for (const { name, columns } of indexes)
    await db.schema.createIndex(name).on('journal').columns(columns).execute()
  await ddl
    .keyed(
      db.schema
        .createTable('journal_recipients')
        .addColumn('seq', 'bigint', c => c.notNull().references('journal.seq').onDelete('cascade'))
        .addColumn('recipient', 'text', c => c.notNull())
        .addPrimaryKeyConstraint('journal_recipients_key', ['seq', 'recipient']),
    )
    .execute()
}

async function createOverrides(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('overrides')
        .addColumn('message_id', ddl.bytes, c => c.notNull())
        .addColumn('recipient', 'text', c => c.notNull())
        .addColumn('organisation_id', 'text', c => c.notNull())
        .addColumn('revoked', 'smallint', c => c.notNull())
        .addColumn('changes_expiry', 'smallint', c => c.notNull())
        .addColumn('expires_at_ms', 'bigint')
        .addColumn('last_expiry_ms', 'bigint')
        .addColumn('created_at_ms', 'bigint', c => c.notNull())
        .addPrimaryKeyConstraint('overrides_key', ['message_id', 'recipient']),
    )
    .execute()
}

async function createAudit(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .numbered(db.schema.createTable('audit'), 'id')
    .addColumn('organisation_id', 'text', c => c.notNull())
    .addColumn('message_id', ddl.bytes, c => c.notNull())
    .addColumn('event', 'text', c => c.notNull())
    .addColumn('recipient', 'text', c => c.notNull())
    .addColumn('method', 'text', c => c.notNull())
    .addColumn('assurance', 'text', c => c.notNull())
    .addColumn('at_ms', 'bigint', c => c.notNull())
    .execute()
  const indexes = [
    { name: 'audit_organisation', columns: ['organisation_id', 'id'] },
    { name: 'audit_message', columns: ['message_id'] },
  ]
  for (const { name, columns } of indexes)
    await db.schema.createIndex(name).on('audit').columns(columns).execute()
}

async function createPasscodes(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('passcodes')
        .addColumn('challenge_id', 'text', c => c.primaryKey().notNull())
        .addColumn('tries', 'integer', c => c.notNull())
        .addColumn('used', 'smallint', c => c.notNull())
        .addColumn('expires_at_ms', 'bigint', c => c.notNull())
        .addColumn('delivery_state', 'text')
        .addColumn('delivery_at_ms', 'bigint')
        .addColumn('delivery_reason', 'text'),
    )
    .execute()
}

async function createShortLived(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('ended_sessions')
        .addColumn('session_id', 'text', c => c.primaryKey().notNull())
        .addColumn('expires_at_ms', 'bigint', c => c.notNull()),
    )
    .execute()
  await ddl
    .keyed(
      db.schema
        .createTable('delivered_halves')
        .addColumn('hash', ddl.bytes, c => c.primaryKey().notNull())
        .addColumn('expires_at_ms', 'bigint', c => c.notNull()),
    )
    .execute()
  await ddl
    .keyed(
      db.schema
        .createTable('rate_counters')
        .addColumn('key', 'text', c => c.notNull())
        .addColumn('window_start_ms', 'bigint', c => c.notNull())
        .addColumn('window_end_ms', 'bigint', c => c.notNull())
        .addColumn('taken', 'integer', c => c.notNull())
        .addPrimaryKeyConstraint('rate_counters_key', ['key', 'window_start_ms']),
    )
    .execute()
}

async function createUsage(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('usage_counts')
        .addColumn('day', 'text', c => c.notNull())
        .addColumn('metric', 'text', c => c.notNull())
        .addColumn('dimension', 'text', c => c.notNull())
        .addColumn('count', 'bigint', c => c.notNull())
        .addPrimaryKeyConstraint('usage_counts_key', ['day', 'metric', 'dimension']),
    )
    .execute()
}

async function createAssociations(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('associations')
        .addColumn('id', 'text', c => c.notNull().unique())
        .addColumn('organisation_id', 'text', c => c.notNull())
        .addColumn('account_hash', ddl.bytes, c => c.notNull())
        .addColumn('address_hash', ddl.bytes, c => c.notNull())
        .addColumn('provider', 'text', c => c.notNull())
        .addColumn('assurance', 'text', c => c.notNull())
        .addColumn('created_at_ms', 'bigint', c => c.notNull())
        .addColumn('last_proven_at_ms', 'bigint', c => c.notNull())
        .addColumn('lapses_at_ms', 'bigint', c => c.notNull())
        .addPrimaryKeyConstraint('associations_key', [
          'organisation_id',
          'account_hash',
          'address_hash',
        ]),
    )
    .execute()
  await db.schema
    .createIndex('associations_address')
    .on('associations')
    .columns(['organisation_id', 'address_hash'])
    .execute()
}

async function createPasskeys(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('passkeys')
        .addColumn('id', 'text', c => c.primaryKey().notNull())
        .addColumn('credential_id', 'text', c => c.notNull().unique())
        .addColumn('organisation_id', 'text', c => c.notNull())
        .addColumn('address_hash', ddl.bytes, c => c.notNull())
        .addColumn('public_key', ddl.bytes, c => c.notNull())
        .addColumn('counter', 'bigint', c => c.notNull())
        .addColumn('assurance', 'text', c => c.notNull())
        .addColumn('created_at_ms', 'bigint', c => c.notNull())
        .addColumn('last_proven_at_ms', 'bigint', c => c.notNull())
        .addColumn('lapses_at_ms', 'bigint', c => c.notNull()),
    )
    .execute()
  await db.schema
    .createIndex('passkeys_address')
    .on('passkeys')
    .columns(['organisation_id', 'address_hash'])
    .execute()
}

async function watchTheClock(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('housekeeping')
        .addColumn('name', 'text', c => c.primaryKey().notNull())
        .addColumn('last_ms', 'bigint', c => c.notNull())
        .addColumn('watched_ms', 'bigint', c => c.notNull()),
    )
    .execute()
  await db.schema.alterTable('organisation_keys').addColumn('marked_ms', 'bigint').execute()
}

/** Of older passkeys nobody knows which account they were made under: they keep what a passcode gave them. */
async function addGroundsOfPasskeys(db: Kysely<Schema>): Promise<void> {
  for (const [column, type] of [
    ['provider', 'text'],
    ['realm', 'text'],
    ['mailbox_proven', 'smallint'],
  ] as const)
    await db.schema
      .alterTable('passkeys')
      .addColumn(column, type, c => c.notNull().defaultTo(type === 'text' ? '' : 0))
      .execute()
  await db
    .updateTable('passkeys')
    .set({ mailbox_proven: 1 })
    .where('assurance', '=', 'mailbox')
    .execute()
}

/**
 * The index on the organisation of an opening need not hold its number: SQLite adds it anyway, and PostgreSQL reads
 * the newest by the primary key.
 */
async function slimIndexes(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await db.schema.dropIndex('audit_organisation').execute()
  await db.schema.createIndex('audit_organisation').on('audit').column('organisation_id').execute()
  if (ddl.dedupes) await slimJournal(db)
}

/**
 * Three indexes whose keys hold no text, or each text once, in the place of two that repeat it in every row. That a
 * recipient stands there once is seen to by who writes, under the lock on the message's own row.
 */
async function slimJournal(db: Kysely<Schema>): Promise<void> {
  await db.schema.dropIndex('journal_newest').execute()
  await db.schema
    .alterTable('journal_recipients')
    .dropConstraint('journal_recipients_key')
    .execute()
  const indexes = [
    { name: 'journal_newest', table: 'journal', column: 'created_at_ms' },
    { name: 'journal_organisation', table: 'journal', column: 'organisation_id' },
    { name: 'journal_recipients_seq', table: 'journal_recipients', column: 'seq' },
  ]
  for (const { name, table, column } of indexes)
    await db.schema.createIndex(name).on(table).column(column).execute()
}

/**
 * PostgreSQL copies samples of a column into its statistics, where a destroyed key would live on. The type stays as
 * it is: to name it drops the samples that there are.
 */
async function keepKeysOutOfStatistics(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  if (!ddl.samples) return
  const column = sql`alter table organisation_keys alter column wrapped_private_key`
  await sql`${column} type ${sql.raw(ddl.bytes)}`.execute(db)
  await sql`${column} set statistics 0`.execute(db)
}

/**
 * Counts of one organisation, which the database itself refuses to hold below five. What was counted of browsers gets
 * a metric of its own; how readers signed in is counted no longer.
 */
async function countOrganisations(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  await ddl
    .keyed(
      db.schema
        .createTable('organisation_usage_counts')
        .addColumn('organisation_id', 'text', c => c.notNull())
        .addColumn('day', 'text', c => c.notNull())
        .addColumn('metric', 'text', c => c.notNull())
        .addColumn('count', 'bigint', c => c.notNull())
        .addPrimaryKeyConstraint('organisation_usage_counts_key', [
          'organisation_id',
          'day',
          'metric',
        ])
        .addCheckConstraint('organisation_usage_counts_many', sql`count >= 5`),
    )
    .execute()
  await db.deleteFrom('usage_counts').where('metric', '=', 'sign_ins').execute()
  await db
    .updateTable('usage_counts')
    .set({ metric: 'browsers_used' })
    .where('metric', '=', 'messages_opened')
    .execute()
  await db
    .insertInto('usage_counts')
    .columns(['day', 'metric', 'dimension', 'count'])
    .expression(
      db
        .selectFrom('usage_counts')
        .select(e => [
          'day',
          sql.lit('messages_opened').as('metric'),
          sql.lit('').as('dimension'),
          e.cast<number>(e.fn.sum('count'), 'bigint').as('count'),
        ])
        .where('metric', '=', 'browsers_used')
        .groupBy('day'),
    )
    .execute()
}

/** As with keys: an address that is erased would live on in the samples of its column. */
async function keepAddressesOutOfStatistics(db: Kysely<Schema>, ddl: TableDialect): Promise<void> {
  if (!ddl.samples) return
  for (const [table, name] of [
    ['journal', 'sender'],
    ['journal_recipients', 'recipient'],
    ['overrides', 'recipient'],
    ['audit', 'recipient'],
  ] as const) {
    const column = sql`alter table ${sql.table(table)} alter column ${sql.ref(name)}`
    await sql`${column} type text collate "C"`.execute(db)
    await sql`${column} set statistics 0`.execute(db)
  }
}

/** Before, what readers caused was written one by one, and that a passcode was mailed. */
async function roundCountsOfReaders(db: Kysely<Schema>): Promise<void> {
  await db.deleteFrom('usage_counts').where('metric', '=', 'passcode_mails').execute()
  const ofReaders = ['messages_opened', 'browsers_used', 'errors']
  await db
    .updateTable('usage_counts')
    .set({ count: sql`count - count % ${sql.lit(FEWEST_OF_ORGANISATION)}` })
    .where('metric', 'in', ofReaders)
    .execute()
  await db.deleteFrom('usage_counts').where('count', '=', 0).execute()
}
