import type { Schema } from './schema.ts'

/** Every table that a backup holds. */
export type CopiedTable = Exclude<keyof Schema, 'schema_versions'>

/**
 * In the order in which rows can be put in, because some refer to others; with the column that numbers itself, or null.
 * A table that is missing here does not compile.
 */
const numberedBy: Readonly<Record<CopiedTable, string | null>> = {
  organisation_keys: null,
  journal: 'seq',
  journal_recipients: null,
  overrides: null,
  audit: 'id',
  passcodes: null,
  ended_sessions: null,
  associations: null,
  passkeys: null,
  delivered_halves: null,
  rate_counters: null,
  usage_counts: null,
  organisation_usage_counts: null,
  housekeeping: null,
}

export const copiedTables: readonly {
  readonly name: CopiedTable
  readonly numberedBy: string | null
}[] = Object.entries(numberedBy).map(([name, column]) => ({
  name: name as CopiedTable,
  numberedBy: column,
}))
