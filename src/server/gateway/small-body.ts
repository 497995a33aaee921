import { GatheredBytes } from './gathered-bytes.ts'
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
  const bytes = new GatheredBytes()
  bytes.push(begun)
  while (bytes.length <= wholeMailBytes) {
    const piece = await source.next()
    if (piece === null) return { begun: bytes.joined(), isWhole: true }
    bytes.push(piece)
  }
  return { begun: bytes.joined(), isWhole: false }
}
