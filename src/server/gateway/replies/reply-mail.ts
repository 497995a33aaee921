import type { ReplyPart } from '../../../core/reply/reply-head.ts'
import { base64Encoder, base64Length } from './base64-encoder.ts'
import type { BodyEncoder } from './body-encoder.ts'
import { quotedPrintableEncoder, quotedPrintableLength } from './quoted-printable-encoder.ts'
import { replyHeader } from './reply-header.ts'
import type { ReplyHeaderRequest } from './reply-header.ts'
import { replyTree } from './reply-tree.ts'
import type { PlacedPart } from './reply-tree.ts'
import { writerNotice } from './writer-notice.ts'
import type { Around } from './writer-notice.ts'

export type { VerifiedWriter } from './reply-header.ts'

export interface ReplyMailRequest extends ReplyHeaderRequest {
  readonly random: (bytes: number) => Uint8Array
}

/** The mail of one reply while its parts come in. Bytes are CRLF lines in 7bit, not dot-stuffed. Memory: one piece. */
export interface ReplyMail {
  /** The header block, up to and including the empty line. */
  readonly header: Uint8Array
  /** True when an address in it is not ASCII: such a header goes with SMTPUTF8 alone. RFC 6532 */
  readonly needsUtf8: boolean
  /** The mail is never longer: for SIZE. RFC 1870 */
  readonly contentBytes: number
  /**
   * Takes the parts' bytes, one part after the other, cut anywhere.
   * @returns what follows of the mail
   * @throws {RangeError} for more bytes than the head says
   */
  push(piece: Uint8Array): readonly Uint8Array[]
  /**
   * Once, after the last push.
   * @throws {RangeError} when bytes are missing
   */
  finish(): readonly Uint8Array[]
}

/** 144 random bits: no content can hold it. */
const BOUNDARY_BYTES = 18

/**
 * Writes the mail that a reply becomes: for people inside as it is, for people outside to be sealed. Every header field
 * and every boundary is written here. docs/replies.md
 */
export function startReplyMail(request: ReplyMailRequest): ReplyMail {
  const { head, random } = request
  const newBoundary = (): string =>
    `zegel-${Buffer.from(random(BOUNDARY_BYTES)).toString('base64url')}`
  const tree = replyTree(head.parts, newBoundary)
  const header = Buffer.from(replyHeader(request) + tree.header)
  const notice = writerNotice(request)
  const sections = tree.parts.map(placed => new Section(placed, notice[placed.part.role]))
  return {
    header,
    needsUtf8: header.some(byte => byte > 127),
    contentBytes: sections.reduce(
      (sum, section) => sum + section.bytes,
      header.length + tree.end.length,
    ),
    ...streamOf(sections, tree.end),
  }
}

function streamOf(sections: readonly Section[], end: string): Pick<ReplyMail, 'push' | 'finish'> {
  let current = 0
  return {
    push(piece) {
      const out: Uint8Array[] = []
      let left = piece
      while (left.length > 0) {
        const section = sections[current]
        if (section === undefined)
          throw new RangeError('more bytes than the head of the reply says')
        left = section.take(left, out)
        if (section.isWhole) current += 1
      }
      return out.filter(({ length }) => length > 0)
    },
    finish() {
      const out: Uint8Array[] = []
      // Parts without a byte at the end, and those of a reply that is empty.
      for (const section of sections.slice(current)) section.take(new Uint8Array(), out)
      if (!sections.every(({ isWhole }) => isWhole))
        throw new RangeError('fewer bytes than the head of the reply says')
      return [...out, Buffer.from(end)].filter(({ length }) => length > 0)
    },
  }
}

/** One part on its way into the mail. */
class Section {
  /** What it takes at most in the mail. */
  readonly bytes: number
  readonly #before: string
  readonly #around: Around
  readonly #encoder: BodyEncoder
  #left: number
  #state: 'new' | 'begun' | 'whole' = 'new'

  constructor({ before, part }: PlacedPart, around: Around) {
    const isFile = isFilePart(part)
    const content = part.bytes + around.first.length + around.last.length
    this.bytes = before.length + (isFile ? base64Length(content) : quotedPrintableLength(content))
    this.#before = before
    this.#around = around
    this.#encoder = isFile ? base64Encoder() : quotedPrintableEncoder()
    this.#left = part.bytes
  }

  get isWhole(): boolean {
    return this.#state === 'whole'
  }

  /** Takes what is its own. @returns the rest of the piece */
  take(piece: Uint8Array, out: Uint8Array[]): Uint8Array {
    if (this.#state === 'new')
      out.push(Buffer.from(this.#before), this.#encoder.push(this.#around.first))
    this.#state = 'begun'
    const own = piece.subarray(0, this.#left)
    this.#left -= own.length
    if (own.length > 0) out.push(this.#encoder.push(own))
    if (this.#left === 0) {
      out.push(this.#encoder.push(this.#around.last), this.#encoder.finish())
      this.#state = 'whole'
    }
    return piece.subarray(own.length)
  }
}

function isFilePart({ role }: ReplyPart): boolean {
  return role === 'inline' || role === 'attachment'
}
