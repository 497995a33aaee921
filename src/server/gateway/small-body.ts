import { wholeMailBytes } from './limits.ts'
import type { MailSource } from './smtp/mail-source.ts'

/** What has come of a mail's body before it is sealed. */
export interface SmallBody {
  readonly begun: Buffer
  /** Nothing comes after it. */
  readonly isWhole: boolean
}

/**
 * Reads on until the end, or until it is too much to be sealed as a whole.
 * @param begun what came with the header block
 * @throws {SourceError}
 */
export async function readSmallBody(
  source: Pick<MailSource, 'next'>,
  begun: Buffer,
): Promise<SmallBody> {
  const pieces = [begun]
  for (let length = begun.length; length <= wholeMailBytes;) {
    const piece = await source.next()
    if (piece === null) return { begun: joined(pieces), isWhole: true }
    pieces.push(piece)
    length += piece.length
  }
  return { begun: joined(pieces), isWhole: false }
}

/** Copies only what came in several pieces. */
function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
}
