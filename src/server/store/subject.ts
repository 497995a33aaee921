import type { Engine } from './engine.ts'
import { eraseSubject } from './erase-subject.ts'
import { messageIdFromBytes } from './message-id.ts'
import type { Subject, SubjectRecords, SubjectStore } from './subject-store.ts'

/** What is stored about one person. These are rare questions, so no index is kept for them. */
export function subjectStore(engine: Engine): SubjectStore {
  return {
    find: subject => find(engine, subject),
    erase: (subject, wish) => eraseSubject(engine, subject, wish),
    scrub: () =>
      engine.rewrite([
        'journal',
        'journal_recipients',
        'audit',
        'overrides',
        'associations',
        'passkeys',
      ]),
  }
}

async function find(engine: Engine, subject: Subject): Promise<SubjectRecords> {
  return {
    sent: await findSent(engine, subject),
    received: await findReceived(engine, subject),
    openings: await findOpenings(engine, subject),
    decisions: await findDecisions(engine, subject),
    associations: await findAssociations(engine, subject),
    passkeys: await findPasskeys(engine, subject),
  }
}

async function findSent({ db }: Engine, { organisationId, address }: Subject) {
  const rows = await db
    .selectFrom('journal')
    .leftJoin('journal_recipients', 'journal_recipients.seq', 'journal.seq')
    .select(['message_id', 'created_at_ms', 'expires_at_ms', 'template', 'recipient'])
    .where('organisation_id', '=', organisationId)
    .where('sender', '=', address)
    .orderBy('journal.seq')
    .orderBy('recipient')
    .execute()
  const byMessage = Map.groupBy(rows, row => messageIdFromBytes(row.message_id))
  return [...byMessage].flatMap(([messageId, [first, ...others]]) =>
    first === undefined
      ? []
      : {
          messageId,
          sentAtMs: first.created_at_ms,
          expiresAtMs: first.expires_at_ms,
          template: first.template,
          recipients: [first, ...others].flatMap(({ recipient }) => recipient ?? []),
        },
  )
}

/** Never the other recipients: among them may be blind copies. */
async function findReceived({ db }: Engine, { organisationId, address }: Subject) {
  const rows = await db
    .selectFrom('journal')
    .innerJoin('journal_recipients', 'journal_recipients.seq', 'journal.seq')
    .select(['message_id', 'sender', 'created_at_ms', 'expires_at_ms'])
    .where('organisation_id', '=', organisationId)
    .where('recipient', '=', address)
    .orderBy('journal.seq')
    .execute()
  return rows.map(row => ({
    messageId: messageIdFromBytes(row.message_id),
    sender: row.sender,
    sentAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  }))
}

async function findOpenings({ db }: Engine, { organisationId, address }: Subject) {
  const rows = await db
    .selectFrom('audit')
    .select(['message_id', 'event', 'at_ms', 'method', 'assurance'])
    .where('organisation_id', '=', organisationId)
    .where('recipient', '=', address)
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    messageId: messageIdFromBytes(row.message_id),
    event: row.event,
    atMs: row.at_ms,
    method: row.method,
    assurance: row.assurance,
  }))
}

async function findDecisions({ db }: Engine, { organisationId, address }: Subject) {
  const rows = await db
    .selectFrom('overrides')
    .select(['message_id', 'revoked', 'created_at_ms'])
    .where('organisation_id', '=', organisationId)
    .where('recipient', '=', address)
    .orderBy('created_at_ms')
    .execute()
  return rows.map(row => ({
    messageId: messageIdFromBytes(row.message_id),
    revoked: row.revoked === 1,
    atMs: row.created_at_ms,
  }))
}

async function findAssociations({ db }: Engine, { organisationId, associationHash }: Subject) {
  return db
    .selectFrom('associations')
    .select(['id', 'provider', 'assurance', ...TIMES])
    .where('organisation_id', '=', organisationId)
    .where('address_hash', '=', associationHash)
    .orderBy('created_at_ms')
    .execute()
}

async function findPasskeys({ db }: Engine, { organisationId, passkeyHash }: Subject) {
  return db
    .selectFrom('passkeys')
    .select(['id', 'provider', 'assurance', 'counter', ...TIMES])
    .where('organisation_id', '=', organisationId)
    .where('address_hash', '=', passkeyHash)
    .orderBy('created_at_ms')
    .execute()
}

const TIMES = [
  'created_at_ms as createdAtMs',
  'last_proven_at_ms as lastProvenAtMs',
  'lapses_at_ms as lapsesAtMs',
] as const
