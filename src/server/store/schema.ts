/**
 * The tables, as Kysely sees them. docs/storage.md says of every column who writes it and when it goes;
 * a test compares the two. Times are milliseconds since 1970, flags are 0 or 1.
 */

import type { Generated } from 'kysely'

export interface Schema {
  schema_versions: SchemaVersionsTable
  organisation_keys: OrganisationKeysTable
  journal: JournalTable
  journal_recipients: JournalRecipientsTable
  overrides: OverridesTable
  audit: AuditTable
  passcodes: PasscodesTable
  ended_sessions: EndedSessionsTable
  associations: AssociationsTable
  passkeys: PasskeysTable
  delivered_halves: DeliveredHalvesTable
  rate_counters: RateCountersTable
  usage_counts: UsageCountsTable
  organisation_usage_counts: OrganisationUsageCountsTable
  housekeeping: HousekeepingTable
}

interface SchemaVersionsTable {
  version: number
  applied_at_ms: number
}

interface OrganisationKeysTable {
  id: string
  organisation_id: string
  purpose: string
  public_key: Uint8Array
  wrapped_private_key: Uint8Array | null
  certificate: Uint8Array | null
  month: string
  expiry_class: string
  created_at_ms: number
  retired_at_ms: number | null
  destroy_after_ms: number | null
  marked_ms: number | null
}

interface JournalTable {
  seq: Generated<number>
  message_id: Uint8Array
  organisation_id: string
  sender: string
  created_at_ms: number
  expires_at_ms: number | null
  template: string
}

interface JournalRecipientsTable {
  seq: number
  recipient: string
}

interface OverridesTable {
  message_id: Uint8Array
  recipient: string
  organisation_id: string
  revoked: number
  changes_expiry: number
  expires_at_ms: number | null
  last_expiry_ms: number | null
  created_at_ms: number
}

interface AuditTable {
  id: Generated<number>
  organisation_id: string
  message_id: Uint8Array
  event: string
  recipient: string
  method: string
  assurance: string
  at_ms: number
}

interface PasscodesTable {
  challenge_id: string
  tries: number
  used: number
  expires_at_ms: number
  delivery_state: string | null
  delivery_at_ms: number | null
  delivery_reason: string | null
}

interface EndedSessionsTable {
  session_id: string
  expires_at_ms: number
}

interface AssociationsTable {
  id: string
  organisation_id: string
  account_hash: Uint8Array
  address_hash: Uint8Array
  provider: string
  assurance: string
  created_at_ms: number
  last_proven_at_ms: number
  lapses_at_ms: number
}

interface DeliveredHalvesTable {
  hash: Uint8Array
  expires_at_ms: number
}

interface RateCountersTable {
  key: string
  window_start_ms: number
  window_end_ms: number
  taken: number
}

interface UsageCountsTable {
  day: string
  metric: string
  dimension: string
  count: number
}

interface OrganisationUsageCountsTable {
  organisation_id: string
  day: string
  metric: string
  count: number
}

interface HousekeepingTable {
  name: string
  last_ms: number
  watched_ms: number
}

interface PasskeysTable {
  id: string
  credential_id: string
  organisation_id: string
  address_hash: Uint8Array
  public_key: Uint8Array
  counter: number
  assurance: string
  provider: string
  realm: string
  mailbox_proven: number
  created_at_ms: number
  last_proven_at_ms: number
  lapses_at_ms: number
}
