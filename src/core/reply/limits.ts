/** Bounds of a reply; each also bounds the memory that a hostile one can ask for. docs/replies.md */

/** People that one reply is written to. Attack: a mail bomb through the portal. */
export const MAX_REPLY_RECIPIENTS = 100
/** Of these, people who are not in the conversation, with permission to forward. */
export const MAX_STRANGERS = 20
/** RFC 5322 §2.1.1: a line. UTF-16 units. */
export const MAX_SUBJECT_CHARACTERS = 900
export const MAX_WRITER_NAME_CHARACTERS = 100
export const MAX_REFERENCES = 100
/** An id with its angle brackets. */
export const MAX_ID_CHARACTERS = 900
/** Files and pictures of one reply. */
export const MAX_REPLY_PARTS = 200
export const MAX_PART_NAME_CHARACTERS = 255
/** Text and HTML of a reply, in bytes each. */
export const MAX_WRITTEN_BYTES: number = 8 * 1024 * 1024
/** The head of a reply file, and that of a hand-over with the largest record in base64. */
export const MAX_REPLY_HEAD_BYTES: number = 256 * 1024
export const MAX_HAND_OVER_HEAD_BYTES: number = 128 * 1024
/** A hand-over is believed for so long, to either side of the gateway's clock. Attack: one that was recorded. */
export const HAND_OVER_MS: number = 5 * 60 * 1000
