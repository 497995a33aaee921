const MINUTE_MS = 60_000

/** Bytes of a root key and of every secret of an installation. */
export const SECRET_BYTES = 32

/** A passphrase that stands in a file can be long, so it must be: scrypt slows guessing, length ends it. */
export const MIN_PASSPHRASE_CHARACTERS = 16

/** Attack: stanzas of any size. A record of 64 KiB, sealed, in lines of base64, comes to 90 KB. envelope.md §2 */
export const MAX_STANZA_CHARACTERS = 96 * 1024

/** Unwrapped sealing keys in memory: five classes of two years of months for a few organisations. */
export const MAX_CACHED_KEYS = 1_024

/** After this time a cached key is looked up again: a key that another node destroyed is forgotten here too. */
export const CACHED_KEY_MS = 10 * MINUTE_MS

/** After this time a gateway looks for keys that were rotated. */
export const MATERIAL_MS = MINUTE_MS

/** A secret of cookies or passcodes is renewed after this time, whether anyone asks or not. */
export const SECRET_ROTATION_MS = 30 * 24 * 60 * MINUTE_MS

/** After this time a node looks for secrets that another node has renewed; so long it may seal with the old one. */
export const RING_MS = MINUTE_MS

/** A renewed secret opens longer than anything that it sealed by this, for clocks that differ. */
export const RING_MARGIN_MS = 60 * MINUTE_MS

/** Months for which sealing keys are made ahead, so that a gateway seals on while the portal is away. */
export const MONTHS_AHEAD = 2

/** A sealing key lives longer than its last message by this, for clocks that differ. */
export const DESTROY_MARGIN_MS = 24 * 60 * MINUTE_MS
