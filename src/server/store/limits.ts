const DAY_MS = 24 * 60 * 60 * 1000

/** How long one statement waits inside SQLite for another process; the event loop stands still meanwhile. */
export const SQLITE_WAIT_MS = 20

/** How long a write is tried again, without blocking, before the database counts as busy. */
export const BUSY_DEADLINE_MS = 15_000

/** Prepared statements kept; the stores use fewer than a hundred texts. */
export const MAX_STATEMENTS = 256

/** Connections of one process to PostgreSQL; what comes in beyond waits its turn. */
export const MAX_CONNECTIONS = 10

/** How long a call waits for a free connection or for a new one, before the database counts as unreachable. */
export const CONNECT_TIMEOUT_MS = 10_000

/** After this PostgreSQL breaks a statement off: one that hangs must not hold a connection for ever. */
export const STATEMENT_TIMEOUT_MS = 10_000

/** After this a statement no longer waits for a row or table that another one holds. */
export const LOCK_TIMEOUT_MS = 5_000

/** After this an answer counts as lost: the network is gone without a word, or the server's machine is. */
export const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000

/** How long a node that starts waits while another one brings the schema up to date. */
export const MIGRATION_WAIT_MS = 10 * 60 * 1000

/** How often a transaction is tried again that PostgreSQL gave up in favour of another. */
export const MAX_TRANSACTION_TRIES = 100

/** Rows deleted in one statement, so that a sweep never holds the write lock for long. */
export const SWEEP_BATCH = 1_000

/** Rows copied in one statement by backup and restore on PostgreSQL. */
export const COPY_BATCH = 1_000

/** Days that a journal row outlives its message, unless the configuration says otherwise. */
export const JOURNAL_KEEP_MS = 90 * DAY_MS

/** Days that an audit row is kept, unless the configuration says otherwise. protocol.md §6 */
export const AUDIT_KEEP_MS = 90 * DAY_MS

/**
 * Days that a revocation outlives the message's last expiry. The sealing key can outlive a message by as much as
 * its class is longer than the message's life, 31 + 731 - 366 days; a revocation swept before would let a later
 * extension of the expiry open the message again.
 */
export const OVERRIDE_KEEP_MS = 400 * DAY_MS

/** Associations of one account or one address that are looked at: nobody can make a sign-in slow by making many. */
export const MAX_LISTED_ASSOCIATIONS = 100

/** Passkeys of one address that are looked at, for the same reason. */
export const MAX_LISTED_PASSKEYS = 50

/** A day's count of one organisation is stored from here upwards; the table refuses less (migrations.ts). */
export const FEWEST_OF_ORGANISATION = 5

const HOUR_MS = 3_600_000

/** A clock that leaps by more than this since the last housekeeping, either way, is believed only when a person confirms the date. */
export const MAX_CLOCK_GAP_MS = 40 * 24 * HOUR_MS

/** Nor is a clock that differs from the database's own by more than this. */
export const MAX_CLOCK_DIFFERENCE_MS = 24 * HOUR_MS

/** Of the time between two rounds of housekeeping, which comes every hour, so much counts as watched. */
export const CLOCK_STEP_MS = 2 * HOUR_MS

/** A key whose time is over is destroyed when housekeeping has watched so much more time, with that key always over. */
export const KEY_GRACE_MS = 24 * HOUR_MS
