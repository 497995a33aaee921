/**
 * What is stored, as the steps see it (docs/storage.md). One implementation speaks SQL through Kysely;
 * SQLite and PostgreSQL differ in their dialect file alone. Times are milliseconds since 1970.
 * Reader and writer types are separate.
 */

import type { PasskeyStore } from './passkey-store.ts'
import type { SubjectStore } from './subject-store.ts'

export type { PasskeyStore, StoredPasskey } from './passkey-store.ts'

export interface Store {
  readonly organisationKeys: OrganisationKeyStore
  readonly journal: JournalStore
  readonly overrides: OverrideStore
  readonly audit: AuditStore
  readonly passcodes: PasscodeStore
  readonly sessions: EndedSessionStore
  readonly associations: AssociationStore
  readonly passkeys: PasskeyStore
  readonly deliveries: DeliveredHalfStore
  readonly rates: RateStore
  readonly usage: UsageStore
  readonly subjects: SubjectStore
  readonly clock: ClockWatch
  /** Brings the schema up to date; safe when several nodes start at once. Returns how many steps it took. */
  migrate(): Promise<number>
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  /** Deletes what has outlived its time; returns how many rows went. Keys: `organisationKeys.destroyExpired`. */
  sweep(nowMs: number, retention?: Retention): Promise<number>
  /** The part of it that is about passcodes. */
  sweepPasscodes(nowMs: number): Promise<void>
  close(): Promise<void>
}

/** How long rows outlive what they are about, in milliseconds; what is left out has its default. */
export interface Retention {
  /** After the message's expiry. */
  readonly journalMs?: number
  /** After the event. */
  readonly auditMs?: number
}

/** `mac` to `association` are secrets of an installation: 32 bytes with no public half. `salt` is the salt of a root key's
 * passphrase: it has no private half. */
export type KeyPurpose =
  | 'sealing'
  | 'signing'
  | 'reply'
  | 'certifying'
  | 'gateway-certifying'
  | 'mac'
  | 'cookie'
  | 'passcode'
  | 'rate'
  | 'association'
  | 'salt'

/**
 * A key pair of an organisation, or of the installation (empty organisation id); the private half is wrapped by
 * the owner's root key.
 */
export interface StoredKey {
  readonly id: string
  readonly organisationId: string
  readonly purpose: KeyPurpose
  readonly publicKey: Uint8Array
  /** Null once destroyed. */
  readonly wrappedPrivateKey: Uint8Array | null
  /**
   * Ed25519 signature over a sealing key by the portal's certifying key, over a signing key by the gateway's; null for
   * other purposes.
   */
  readonly certificate: Uint8Array | null
  /** Sealing keys: `2026-11` and the class of expiry; empty for other purposes. */
  readonly month: string
  readonly expiryClass: string
  readonly createdAtMs: number
  /** Not used for new messages from then on; null: current. */
  readonly retiredAtMs: number | null
  /** When the private half is destroyed; null: never. */
  readonly destroyAfterMs: number | null
}

export interface OrganisationKeyStore {
  find(id: string): Promise<StoredKey | undefined>
  /** Oldest first. */
  list(organisationId: string, purpose?: KeyPurpose): Promise<readonly StoredKey[]>
  /** Every key of every organisation and of the installation. */
  all(): Promise<readonly StoredKey[]>
  /** Adds a key; false when a current key of the same organisation, purpose, month and class is already there. */
  add(key: StoredKey): Promise<boolean>
  /** Adds those keys of which `add` would say true, all or none. */
  addMissing(keys: readonly StoredKey[]): Promise<void>
  /** Adds a key and retires the current ones of the same organisation, purpose, month and class, at once. */
  replace(key: StoredKey): Promise<void>
  retire(id: string, atMs: number): Promise<void>
  setCertificate(id: string, certificate: Uint8Array): Promise<void>
  /**
   * A later last expiry of a message under this key; never earlier than what stands there.
   * False when the private half is destroyed already.
   */
  extendDestroyAfter(id: string, destroyAfterMs: number | null): Promise<boolean>
  /** Removes the private halves of these keys now, and then does `scrub`. */
  destroy(ids: readonly string[], atMs: number): Promise<void>
  /**
   * Marks the keys whose time is over. Removes the private halves of those that were marked when `KEY_GRACE_MS` less had
   * been watched and whose time has been over each time since; returns their ids. To be followed by `scrub`.
   */
  destroyExpired(nowMs: number, watchedMs: number): Promise<readonly string[]>
  /**
   * Removes what destroyed keys left in the files of the database, if they did. False while the database keeps an older
   * state for who still reads it; what is left stays noted, so that any node can do this later.
   */
  scrub(): Promise<boolean>
}

export interface JournalEntry {
  /** 16 bytes, base64url. */
  readonly messageId: string
  readonly organisationId: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly template: string
}

export interface JournalStore {
  /** Written before the final dot; a retry of the same message adds its recipients. */
  record(entry: JournalEntry): Promise<void>
  find(messageId: string): Promise<JournalEntry | undefined>
  list(
    organisationId: string,
    options: { limit: number; beforeMs?: number },
  ): Promise<readonly JournalEntry[]>
}

export interface StoredOverride {
  readonly messageId: string
  readonly organisationId: string
  /** Null: every recipient. */
  readonly recipient: string | null
  readonly revoked: boolean
  readonly changesExpiry: boolean
  readonly expiresAtMs: number | null
  /**
   * The latest time at which the message could be opened under its own policy or this override, whichever is later:
   * it tells when the row may go. Null or left out: the row stays.
   */
  readonly lastExpiryMs?: number | null
  readonly createdAtMs: number
}

export interface OverrideStore {
  list(messageId: string): Promise<readonly StoredOverride[]>
  put(override: StoredOverride): Promise<void>
}

export interface NewAuditEntry {
  readonly organisationId: string
  readonly messageId: string
  /** Opened by `recipient`; answered or forwarded in the portal by them. */
  readonly event: 'released' | 'replied' | 'forwarded'
  readonly recipient: string
  readonly method: 'passcode' | 'account' | 'passkey'
  readonly assurance: 'mailbox' | 'account' | 'mfa'
  readonly atMs: number
}

/** What an administrator did about somebody, whose name does not stand there. */
export type AuditNote = 'subject-exported' | 'subject-erased'

export interface AuditEntry {
  readonly id: number
  readonly organisationId: string
  /** Empty in a note, as are recipient, method and assurance. */
  readonly messageId: string
  readonly event: NewAuditEntry['event'] | AuditNote
  readonly recipient: string
  readonly method: NewAuditEntry['method'] | ''
  readonly assurance: NewAuditEntry['assurance'] | ''
  readonly atMs: number
}

export interface AuditStore {
  append(entry: NewAuditEntry): Promise<void>
  note(organisationId: string, event: AuditNote, atMs: number): Promise<void>
  list(
    organisationId: string,
    options: { limit: number; messageId?: string; beforeId?: number },
  ): Promise<readonly AuditEntry[]>
}

/** How often a challenge was tried, whether it is used, what became of its mail; never the code or the address. */
export interface PasscodeStore {
  open(challengeId: string, expiresAtMs: number): Promise<void>
  /**
   * Counts one try in one atomic statement, before the code is compared.
   * Returns how many tries there have been, this one included; undefined when the challenge is unknown, used or expired.
   */
  countTry(challengeId: string, nowMs: number): Promise<number | undefined>
  /** Marks as used; true for exactly one caller. */
  use(challengeId: string): Promise<boolean>
  setDelivery(challengeId: string, delivery: StoredDelivery): Promise<void>
  delivery(challengeId: string): Promise<StoredDelivery | undefined>
}

export interface StoredDelivery {
  readonly state: 'sending' | 'accepted' | 'refused' | 'unknown'
  readonly atMs: number
  readonly reason: string
}

export interface EndedSessionStore {
  end(sessionId: string, expiresAtMs: number): Promise<void>
  isEnded(sessionId: string): Promise<boolean>
}

/** An account and an address that belong to the same person; both as keyed hashes. protocol.md §3 */
export interface StoredAssociation {
  /** Random, 16 bytes, base64url: names it to its person. */
  readonly id: string
  readonly organisationId: string
  /** Keyed hash of issuer and subject. */
  readonly accountHash: Uint8Array
  readonly addressHash: Uint8Array
  /** Id of the provider in the configuration. */
  readonly provider: string
  /** Of the proof it was made under. */
  readonly assurance: 'mailbox' | 'account' | 'mfa'
  readonly createdAtMs: number
  /** When the mailbox was last proven. */
  readonly lastProvenAtMs: number
  /** When it ends; then the row goes. */
  readonly lapsesAtMs: number
}

export interface AssociationStore {
  /**
   * Adds it; when account and address are associated already, that one keeps its id and its first
   * time and takes over the rest. True when it is new.
   */
  put(association: StoredAssociation): Promise<boolean>
  /** Gives an association a fresh proof of its mailbox; false when there is none that lives. */
  renew(
    association: Pick<StoredAssociation, 'organisationId' | 'accountHash' | 'addressHash'>,
    provenAtMs: number,
    lapsesAtMs: number,
  ): Promise<boolean>
  /** Those that live, oldest first. */
  ofAccount(
    organisationId: string,
    accountHash: Uint8Array,
    nowMs: number,
  ): Promise<readonly StoredAssociation[]>
  /** Those that live, oldest first. */
  ofAddress(
    organisationId: string,
    addressHash: Uint8Array,
    nowMs: number,
  ): Promise<readonly StoredAssociation[]>
  remove(organisationId: string, id: string): Promise<boolean>
}

/** Keyed hashes of what was delivered, or is being delivered now. contract.md, Gateway; docs/replies.md §4 */
export interface DeliveredHalfStore {
  add(hash: Uint8Array, expiresAtMs: number): Promise<void>
  has(hash: Uint8Array, nowMs: number): Promise<boolean>
  /** Takes a hash until a time, for one caller alone: false while another one has it. */
  claim(hash: Uint8Array, nowMs: number, untilMs: number): Promise<boolean>
  /** Another end of a claim that ends at `fromMs`; false when it is another's by now. */
  prolong(hash: Uint8Array, fromMs: number, untilMs: number): Promise<boolean>
  /** Gives a claim that ends at `untilMs` back. */
  giveUp(hash: Uint8Array, untilMs: number): Promise<void>
}

export interface RateStore {
  /**
   * Takes one from a fixed window's allowance, atomically.
   * Returns how many were taken in the window, this one included.
   */
  take(key: string, windowStartMs: number, windowEndMs: number): Promise<number>
  /** What is taken of these, as far as there are rows. */
  find(keys: readonly string[]): Promise<readonly TakenOfLimit[]>
}

export interface TakenOfLimit {
  readonly taken: number
  readonly windowEndMs: number
}

export interface UsageStore {
  /** Adds to a day's count. `day` is `2026-11-21`. */
  add(day: string, metric: string, dimension: string, count: number): Promise<void>
  list(fromDay: string, toDay: string): Promise<readonly UsageCount[]>
  /**
   * Adds to what is said of one organisation. False, and nothing is written, for less than `FEWEST_OF_ORGANISATION`.
   */
  addOfOrganisation(
    organisationId: string,
    day: string,
    metric: string,
    count: number,
  ): Promise<boolean>
  listOfOrganisations(fromDay: string, toDay: string): Promise<readonly OrganisationUsageCount[]>
}

export interface OrganisationUsageCount {
  readonly organisationId: string
  readonly day: string
  readonly metric: string
  readonly count: number
}

export interface UsageCount {
  readonly day: string
  readonly metric: string
  readonly dimension: string
  readonly count: number
}

/** Whether housekeeping may believe the clock, by which it deletes and destroys. */
export type ClockVerdict =
  | {
      readonly believed: true
      /** When housekeeping last believed it; null: never yet. */
      readonly lastMs: number | null
      /** How long housekeeping has watched in all; grows by the time that really passed, or less. */
      readonly watchedMs: number
    }
  | {
      readonly believed: false
      /** `gap`: too far ahead of the last time. `database-clock`: not what the database's own clock says. */
      readonly reason: 'gap' | 'database-clock'
      readonly lastMs: number | null
      /** Null when the database has no clock of its own. */
      readonly databaseMs: number | null
    }

export interface ClockWatch {
  judge(nowMs: number): Promise<ClockVerdict>
  /** Judges; when the clock is believed, remembers it and counts the time since the last. */
  advance(nowMs: number): Promise<ClockVerdict>
  /** A person says that this is the time. */
  confirm(nowMs: number): Promise<void>
}
