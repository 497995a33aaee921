/** What the demo mailbox takes. It lives in memory, so everything in it is bounded. */

/** One mail: a sealed mail of 25 MiB fits with room to spare; offered to the gateway as SIZE. */
export const MAX_MAIL_BYTES = 64 * 1024 * 1024
/** All mails together, those under way included: the oldest go first. Against filling the machine's memory. */
export const MAX_TOTAL_BYTES = 256 * 1024 * 1024
/** Against a flood of tiny mails, each of which costs a row on the page. */
export const MAX_MAILS = 2_000
/** Of one mail, as RFC 5321 §4.5.3.1.8 asks for at least 100. */
export const MAX_RECIPIENTS = 1_000
/** Header block of a part; the rest of a header flood is not read. */
export const MAX_HEADER_BYTES = 256 * 1024
/** Parts of one mail; against a million empty attachments. */
export const MAX_PARTS = 500
/** Message-IDs that one mail refers to; against a header of nothing else. */
export const MAX_MAIL_IDS = 200
/** Of the text that an answer quotes. */
export const MAX_QUOTED_CHARACTERS = 64 * 1024
/** Text shown on the page; the source can always be downloaded whole. */
export const MAX_SHOWN_CHARACTERS = 512 * 1024
/** The compose form with its attachments. */
export const MAX_COMPOSED_BYTES = 40 * 1024 * 1024
/** Open event streams: one for each page that is looked at; against exhausting sockets. */
export const MAX_WATCHERS = 100
/** Mails on one page of the list. */
export const MAX_LISTED = 200

/** Accounts that somebody typed into the simulated provider. Bounds memory. */
export const MAX_TYPED_ACCOUNTS = 500
/** Codes, tokens and sessions that a simulated provider remembers. Bounds memory. */
export const MAX_PROVIDER_ENTRIES = 5000
