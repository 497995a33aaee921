/** envelope.md §4: a larger mail would not fit what the browser opens at once. */
export const MAX_MESSAGE_BYTES = 150 * 1024 * 1024

/** features.md B, and the longest class of sealing keys: a key outlives its messages by no more than needed. */
export const MAX_EXPIRY_DAYS = 731

/** envelope.md §4: a logo stands in every mail, in base64; 16 KiB with what is around it. */
export const MAX_LOGO_BYTES = 12_000

/** A configuration is written by a person; more is a wrong file. */
export const MAX_CONFIG_BYTES = 1024 * 1024

/** A key, a password, a passphrase: more is a wrong file. */
export const MAX_SECRET_BYTES = 64 * 1024

/** Attack: a file of aliases that grow exponentially. */
export const MAX_YAML_ALIASES = 100
