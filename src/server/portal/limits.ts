/** Limits of the HTTP side; each names what it stops. */

const SECOND_MS = 1000
const KIB = 1024

/** A stanza of the largest record in JSON, and the other fields. */
export const MAX_JSON_BYTES = 128 * KIB
/** Field names, signature and line ends of a posted form around the envelope itself. */
export const POSTED_FORM_OVERHEAD_BYTES = 16 * KIB
/** So much of a posted envelope is looked at for its stanza: the largest record, in base64 twice, and an escrow stanza or two. */
export const MAX_POSTED_HEADER_BYTES = 192 * KIB
/** Of a body that is too large so much is read and thrown away, so that the browser shows our answer; then the line is cut. */
export const MAX_DRAINED_BYTES = 512 * KIB * KIB
/** One network may hold so much of the budget of posted bodies: a flood from one place leaves room for others. */
export const NETWORK_SHARE_OF_BUDGET = 0.5
/** Memory for a posted body grows with what has come, from so much on and times so much: a line that stalls holds no more. */
export const FIRST_BODY_BYTES = 64 * KIB
export const BODY_GROWTH = 4
/** A database that hangs must not hold a posted envelope in memory, and its page back. */
export const DESCRIBE_POSTED_WITHIN_MS = 2 * SECOND_MS
/** Pieces in which a posted envelope is written back: bounds what TLS copies. */
export const ANSWER_PIECE_BYTES = 256 * KIB

/** Slowloris: a body must come at this rate after the first seconds, else its line is cut. */
export const BODY_GRACE_MS = 20 * SECOND_MS
export const MIN_BODY_BYTES_PER_SECOND = 16 * KIB
/** Replies that are passed on at once; one more is told to come again. Bounds lines and memory. */
export const MAX_HAND_OVERS = 400
/** A gateway that is not there, that takes no more of a reply, and that has it whole and does not say what became of it. */
export const HAND_OVER_CONNECT_MS = 10 * SECOND_MS
export const HAND_OVER_STALL_MS = 120 * SECOND_MS
/** RFC 5321 §4.5.3.2.6 gives a mail server ten minutes for the final dot. */
export const HAND_OVER_ANSWER_MS = 600 * SECOND_MS
/** Attack: a gateway, or who stands for it, that answers without end. */
export const MAX_GATEWAY_ANSWER_BYTES = 16 * KIB
/** Base64 in lines of 76 characters (RFC 2045 §6.8): so much of a mail is what was written. */
export const WRITTEN_SHARE_OF_MAIL = 57 / 78
/** Slow reading: an answer with a posted envelope must be taken within this time. */
export const MAX_ANSWER_MS = 600 * SECOND_MS

/** Slowloris on headers, header floods, idle lines. https://nodejs.org/api/http.html */
export const SERVER_TIMEOUTS = {
  headersTimeout: 20 * SECOND_MS,
  requestTimeout: 620 * SECOND_MS,
  keepAliveTimeout: 20 * SECOND_MS,
  connectionsCheckingInterval: 5 * SECOND_MS,
  maxHeaderSize: 16 * KIB,
} as const
/** Nothing moves on a line for so long: it is cut. */
export const SOCKET_IDLE_MS = 60 * SECOND_MS
export const MAX_CONNECTIONS = 10_000
export const MAX_HEADERS = 100
/** How long `close` waits for answers and mails under way. */
export const CLOSE_GRACE_MS = 3 * SECOND_MS

/** `X-Forwarded-For` entries that are looked at. */
export const MAX_FORWARDED_HOPS = 20
