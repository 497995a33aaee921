import type { CompiledQuery, ExpressionBuilder } from 'kysely'
import { auditNote } from './audit.ts'
import type { Engine } from './engine.ts'
import type { Schema } from './schema.ts'
import type { ErasedRows, ErasureWish, Subject } from './subject-store.ts'

type Part = keyof ErasedRows

/** In one transaction; each part counts what its last query touched. */
export async function eraseSubject(
  engine: Engine,
  subject: Subject,
  wish: ErasureWish,
): Promise<ErasedRows> {
  const steps: readonly (readonly [Part, CompiledQuery])[] = [
    ...ofJournal(engine, subject, wish),
    ...ofAudit(engine, subject, wish),
    ...ofDecisions(engine, subject, wish),
    ...ofProofs(engine, subject),
  ]
  const note =
    wish.noteAtMs === null
      ? []
      : [auditNote(engine, subject.organisationId, 'subject-erased', wish.noteAtMs)]
  const results = await engine.durably([...steps.map(([, query]) => query), ...note])
  const rows = { ...NOTHING }
  steps.forEach(([part], index) => {
    rows[part] = Number(results[index]?.numAffectedRows ?? 0n)
  })
  return rows
}

const NOTHING: ErasedRows = {
  sent: 0,
  received: 0,
  openings: 0,
  decisions: 0,
  associations: 0,
  passkeys: 0,
}

type Steps = readonly (readonly [Part, CompiledQuery])[]

function ofJournal(engine: Engine, subject: Subject, wish: ErasureWish): Steps {
  if (wish.journal === 'keep') return []
  return [
    ['received', received(engine, subject, wish)],
    ['sent', sent(engine, subject, wish)],
  ]
}

function received(
  { db }: Engine,
  { organisationId, address }: Subject,
  { journal, pseudonym }: ErasureWish,
): CompiledQuery {
  const ofOrganisation = db
    .selectFrom('journal')
    .select('seq')
    .where('organisation_id', '=', organisationId)
  const isSubject = (e: ExpressionBuilder<Schema, 'journal_recipients'>) =>
    e.and([e('recipient', '=', address), e('seq', 'in', ofOrganisation)])
  if (journal === 'delete') return db.deleteFrom('journal_recipients').where(isSubject).compile()
  return db
    .updateTable('journal_recipients')
    .set({ recipient: pseudonym })
    .where(isSubject)
    .compile()
}

/** With the journal's row go those of its recipients. */
function sent(
  { db }: Engine,
  { organisationId, address }: Subject,
  { journal, pseudonym }: ErasureWish,
): CompiledQuery {
  const isSubject = (e: ExpressionBuilder<Schema, 'journal'>) =>
    e.and([e('organisation_id', '=', organisationId), e('sender', '=', address)])
  if (journal === 'delete') return db.deleteFrom('journal').where(isSubject).compile()
  return db.updateTable('journal').set({ sender: pseudonym }).where(isSubject).compile()
}

function ofAudit(
  { db }: Engine,
  { organisationId, address }: Subject,
  { audit, pseudonym }: ErasureWish,
): Steps {
  if (audit === 'keep') return []
  const isSubject = (e: ExpressionBuilder<Schema, 'audit'>) =>
    e.and([e('organisation_id', '=', organisationId), e('recipient', '=', address)])
  const query =
    audit === 'delete'
      ? db.deleteFrom('audit').where(isSubject).compile()
      : db.updateTable('audit').set({ recipient: pseudonym }).where(isSubject).compile()
  return [['openings', query]]
}

function ofDecisions(
  { db }: Engine,
  { organisationId, address }: Subject,
  { decisions }: ErasureWish,
): Steps {
  if (decisions === 'keep') return []
  const query = db
    .deleteFrom('overrides')
    .where('organisation_id', '=', organisationId)
    .where('recipient', '=', address)
  return [['decisions', query.compile()]]
}

/** Whoever reads again proves the mailbox anew. */
function ofProofs(
  { db }: Engine,
  { organisationId, associationHash, passkeyHash }: Subject,
): Steps {
  const associations = db
    .deleteFrom('associations')
    .where('organisation_id', '=', organisationId)
    .where('address_hash', '=', associationHash)
  const passkeys = db
    .deleteFrom('passkeys')
    .where('organisation_id', '=', organisationId)
    .where('address_hash', '=', passkeyHash)
  return [
    ['associations', associations.compile()],
    ['passkeys', passkeys.compile()],
  ]
}
