/** Limits of proving who one is; each names what it stops. */

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** How long a passcode can be used. protocol.md §3 */
export const PASSCODE_LIFETIME_MS = 15 * MINUTE_MS
/** Tries for one passcode; with 10^8 codes a guesser's chance is 1 in 20 million. */
export const PASSCODE_TRIES = 5

/** An unattended public computer: the session ends by itself. */
export const SESSION_IDLE_MS = 30 * MINUTE_MS
/** No session and no proof in it outlives this, on a private computer either. */
export const SESSION_LIFETIME_MS = 12 * HOUR_MS
/** A used session is written anew at most this often: keeps `Set-Cookie` out of most answers. */
export const SESSION_RENEWAL_MS = MINUTE_MS
/** Addresses that one session may hold: bounds the cookie. */
export const MAX_SESSION_PROOFS = 8
/** Browsers drop a cookie of more than 4096 bytes with its name, and who signed in would not be. RFC 6265 §6.1 */
export const MAX_SESSION_CHARACTERS = 4000

/** Passcode mails that are on their way at once; more wait. A mail bomb must not take all of the relay. */
export const MAX_CONCURRENT_MAILS = 10
/** Passcode mails that may wait; beyond it a request is answered `busy`. Bounds memory. */
export const MAX_WAITING_MAILS = 1000
/** Pauses before a mail is tried again after a temporary failure (a greylist, a relay that restarts). */
export const MAIL_RETRY_PAUSES_MS: readonly number[] = [
  3 * SECOND_MS,
  20 * SECOND_MS,
  90 * SECOND_MS,
]
/** A mail leaves this long after the answer, so that the answer's time does not tell whether one is sent. */
export const MAIL_DELAY_MS = { least: 20, spread: 60 } as const
/** A next hop's words that are kept: shown to the reader. */
export const MAX_REASON_CHARACTERS = 200

/** How long the browser's dialogue for a passkey may stay open. */
export const PASSKEY_CEREMONY_MS = 10 * MINUTE_MS
/** Without a fresh proof of the mailbox a passkey ends after this time. protocol.md §3 */
export const PASSKEY_LIFETIME_MS = 180 * 24 * HOUR_MS

/**
 * Fewest bytes of a sealed record that a recipient takes. The limit of a message follows the record's length, which
 * its stanza shows, and not the number of recipients: that would tell how many stand in Bcc.
 */
export const RECIPIENT_RECORD_BYTES = 32

/** How many within how long; several windows hold together. They slow down and never lock. */
export interface Allowance {
  readonly count: number
  readonly windowMs: number
}

/** Windows divide a day, so that none spans the daily change of the keys. */
export const ALLOWANCES = {
  /** Opening a stanza costs about a millisecond of a core. */
  'describe-network': [{ count: 300, windowMs: MINUTE_MS }],
  'describe-organisation': [{ count: 6000, windowMs: MINUTE_MS }],
  /** The same for posted messages, apart: any site may have its visitors post, and must not use up what their pages ask. */
  'posted-network': [{ count: 300, windowMs: MINUTE_MS }],
  'posted-organisation': [{ count: 6000, windowMs: MINUTE_MS }],
  /** Mail bomb to one person, and guessing by asking for ever new passcodes. */
  'passcode-address': [
    { count: 6, windowMs: 10 * MINUTE_MS },
    { count: 20, windowMs: HOUR_MS },
  ],
  /** Mail bomb to all recipients of one message; times the recipients that its record has room for. */
  'passcode-message': [{ count: 4, windowMs: 10 * MINUTE_MS }],
  'passcode-organisation': [{ count: 3000, windowMs: 10 * MINUTE_MS }],
  /** One attacker, many messages; generous, because an office shares one network. */
  'passcode-network': [{ count: 60, windowMs: 10 * MINUTE_MS }],
  'verify-network': [{ count: 300, windowMs: 10 * MINUTE_MS }],
  'passkey-network': [{ count: 300, windowMs: 10 * MINUTE_MS }],
  /** Each new passkey mails a notice. */
  'passkey-address': [{ count: 10, windowMs: HOUR_MS }],
  /** Generous, because an office shares one network. */
  'sign-in-network': [{ count: 120, windowMs: 10 * MINUTE_MS }],
  /**
   * Each costs the provider a request. Apart from starts, so that neither takes the other's; more than those,
   * so that everyone who was led away can come back.
   */
  'sign-in-return-network': [{ count: 300, windowMs: 10 * MINUTE_MS }],
  /** Wrong passwords at the gateway, of one name from one network: guessing over many connections. */
  'smtp-auth-user': [
    { count: 10, windowMs: 10 * MINUTE_MS },
    { count: 30, windowMs: HOUR_MS },
  ],
  /** The same, of all names from one network. */
  'smtp-auth-network': [{ count: 60, windowMs: 10 * MINUTE_MS }],
  /** From everywhere: a botnet. Beyond it one wrong password blocks its network. */
  'smtp-auth-installation': [{ count: 3000, windowMs: 10 * MINUTE_MS }],
  /** Notices that a message did not arrive. Attack: reports that somebody made up. */
  'notice-address': [{ count: 20, windowMs: HOUR_MS }],
  'release-session': [{ count: 600, windowMs: MINUTE_MS }],
  /** Each opens a stanza and may bring a long body. */
  'reply-session': [{ count: 30, windowMs: MINUTE_MS }],
  /** Mail bomb to the people of a conversation, by one who takes part in it. */
  'reply-writer': [
    { count: 20, windowMs: 10 * MINUTE_MS },
    { count: 60, windowMs: HOUR_MS },
  ],
  'reply-organisation': [{ count: 3000, windowMs: 10 * MINUTE_MS }],
  'usage-network': [{ count: 60, windowMs: MINUTE_MS }],
} as const satisfies Readonly<Record<string, readonly Allowance[]>>

export type AllowanceName = keyof typeof ALLOWANCES
