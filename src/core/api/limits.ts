/** Limits of what crosses the wire as JSON; each bounds the memory that a hostile request can ask for. */

/** A stanza around the largest record: 64 KiB padded, signature, HPKE, base64 lines. envelope.md §2 */
export const MAX_STANZA_CHARACTERS = 96 * 1024
/** RFC 5321 §4.5.3.1.3 with room for what people type around an address. */
export const MAX_TYPED_ADDRESS_CHARACTERS = 320
/** What a person may type or paste around eight digits. */
export const MAX_TYPED_CODE_CHARACTERS = 64
/** Sealed state of a passcode challenge: address of 254 octets and fixed fields. */
export const MAX_CHALLENGE_CHARACTERS = 2048
/** BCP 47 tags are shorter in practice; the longest registered are below 35. */
export const MAX_LOCALE_CHARACTERS = 64
export const MAX_LISTED_RECIPIENTS = 10_000
/** `/assets/` and a name. */
export const MAX_LOGO_CHARACTERS = 200
export const MAX_SENTENCE_CHARACTERS = 1000
/** What a provider calls an account; it travels in the session cookie. UTF-16 units. */
export const MAX_ACCOUNT_LABEL_CHARACTERS = 100
/** Names an account to the page that showed it. */
export const SHOWN_ACCOUNT_ID_CHARACTERS = 16
/** Associations that one session is shown. */
export const MAX_ASSOCIATIONS = 200
/** Passkeys of one address. */
export const MAX_PASSKEYS = 50
