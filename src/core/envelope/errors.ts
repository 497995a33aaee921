/** Stable; the reader's locale group `errors` has a sentence for each. */
export type EnvelopeErrorCode =
  /** The file or posted form holds no Zegel envelope. */
  | 'not-a-message'
  /** It was one, but something is cut off or altered. */
  | 'damaged-message'
  /** Made by a later version than this one knows. */
  | 'unknown-version'
  /** A stanza in the header that version 1 does not have. */
  | 'unknown-stanza'
  | 'too-large'
  /** The two shares do not open this file, or its header was altered. */
  | 'wrong-key'
  /** A chunk was altered, moved or cut off. */
  | 'altered-content'
  /** A signature of the record or the file is not the organisation's. */
  | 'bad-signature'
  /** The sealed record cannot be read. */
  | 'bad-record'
  /** A recipient key given for sealing is no such key. */
  | 'bad-recipient'
  /** A classical `age1…` escrow recipient without `allowClassicalEscrow`. */
  | 'classical-escrow'
  /** What HPKE sealed does not open with this key. */
  | 'cannot-unwrap'

/** What is wrong with an envelope or one of its parts. envelope.md §6 */
export class EnvelopeError extends Error {
  readonly code: EnvelopeErrorCode

  constructor(code: EnvelopeErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? code : `${code}: ${detail}`, options)
    this.name = 'EnvelopeError'
    this.code = code
  }
}
