import type { Address } from '../../../core/address/address.ts'
import type { Assurance, Proof } from '../../../core/policy/policy.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import type { Mac } from '../message-ids.ts'

/** Whoever wrote a reply, as the portal has verified them. */
export interface VerifiedWriter {
  readonly address: Address
  readonly method: Proof['method']
  readonly assurance: Assurance
  readonly provenAtMs: number
}

export interface ReplyMailRequest {
  readonly head: ReplyHead
  readonly writer: VerifiedWriter
  readonly organisation: OrganisationConfig
  readonly mac: Mac
  readonly nowMs: number
  readonly random: (bytes: number) => Uint8Array
}

/** The mail of one reply while its parts come in. Bytes are CRLF lines in 7bit, not dot-stuffed. Memory: one piece. */
export interface ReplyMail {
  /** The header block, up to and including the empty line. */
  readonly header: Uint8Array
  /** The mail is never longer: for SIZE. RFC 1870 */
  readonly contentBytes: number
  /**
   * Takes the parts' bytes, one part after the other, cut anywhere.
   * @returns what follows of the mail @throws {RangeError} for more bytes than the head says
   */
  push(piece: Uint8Array): readonly Uint8Array[]
  /** Once, after the last push. @throws {RangeError} when bytes are missing */
  finish(): readonly Uint8Array[]
}
