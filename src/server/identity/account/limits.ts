/** Limits of signing in with accounts; each names what it stops. */

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

/** A sign-in that is not back by then begins anew: a person may look for a password meanwhile. */
export const TRANSACTION_LIFETIME_MS = 15 * MINUTE_MS
/** Sign-ins of one browser under way at once (tabs); the oldest are forgotten. Bounds the cookies. */
export const MAX_TRANSACTIONS = 4
/** A provider that hangs must not hold a reader. */
export const PROVIDER_TIMEOUT_MS = 8 * SECOND_MS
/** A discovery document, a key set, a token: more is an attack on the memory. */
export const MAX_PROVIDER_BYTES = 1024 * 1024
/** How long a discovery document is believed. */
export const DISCOVERY_LIFETIME_MS = 60 * MINUTE_MS
/** So long a provider that did not answer is not asked again: its readers are sent on at once. */
export const DISCOVERY_PAUSE_MS = 10 * SECOND_MS
/** An old document still serves so long while the provider's is out of reach. */
export const STALE_DISCOVERY_MS = DAY_MS
/** Clocks differ; a token may be so much from the future or the past. */
export const CLOCK_TOLERANCE_SECONDS = 60
/** protocol.md §3: without a fresh proof of the mailbox an association ends. */
export const ASSOCIATION_LIFETIME_MS = 180 * DAY_MS
