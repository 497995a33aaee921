/** Largest original mail that can be configured, in bytes. envelope.md §4 */
export const MAX_MESSAGE_BYTES = 150 * 1024 * 1024

/** A header longer than this is not read: bounds memory and time before anything is authenticated. */
export const MAX_HEADER_BYTES = 512 * 1024
/** Escrow stanzas and one portal stanza; more is an attempt to make readers work. */
export const MAX_STANZAS = 64

/** Largest padded record. envelope.md §2 */
export const MAX_RECORD_BYTES = 64 * 1024

/** A message.html of the largest mail, doubled for UTF-16 and re-flowed lines; beyond it the file is refused unread. */
export const MAX_MESSAGE_HTML_BYTES = 3 * MAX_MESSAGE_BYTES
/** Attributes of one tag that are looked at: bounds a tag made of nothing but attributes. */
export const MAX_TAG_ATTRIBUTES = 64

/** Posted forms larger than this are not taken in; the page asks for the file instead. envelope.md §4 */
export const MAX_POSTED_BYTES = 8 * 1024 * 1024
