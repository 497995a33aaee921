import { GatheredBytes } from './gathered-bytes.ts'
import type { MailSource } from './smtp/mail-source.ts'

/** The beginning of a mail. */
export interface HeaderBlock {
  /** Bytes up to and including the empty line; the whole mail when there is none. */
  readonly header: Buffer
  /** What of the body came with it. */
  readonly rest: Buffer
}

const CR = 0x0d
const LF = 0x0a
const lineFeed = Buffer.from('\n')
const nothing = Buffer.alloc(0)

/**
 * Reads until the empty line. A line may end in CR LF or, as every reader takes it, in LF alone.
 * Cost: one search over the bytes, however finely the client cuts them.
 * @returns `too-large` when it does not end within `maxBytes`
 * @throws {SourceError}
 */
export async function readHeaderBlock(
  source: Pick<MailSource, 'next'>,
  maxBytes: number,
): Promise<HeaderBlock | 'too-large'> {
  const bytes = new GatheredBytes()
  // What stands before the piece; the beginning of a mail counts as the beginning of a line.
  let before: Buffer = lineFeed
  while (bytes.length <= maxBytes) {
    const piece = await source.next()
    if (piece === null) return { header: bytes.joined(), rest: nothing }
    const from = bytes.length
    bytes.push(piece)
    const end = emptyLineEnd(before, piece)
    if (end !== -1) return split(bytes.joined(), from + end, maxBytes)
    before = Buffer.concat([before, piece.subarray(-2)]).subarray(-2)
  }
  return 'too-large'
}

function split(bytes: Buffer, end: number, maxBytes: number): HeaderBlock | 'too-large' {
  if (end > maxBytes) return 'too-large'
  return { header: bytes.subarray(0, end), rest: bytes.subarray(end) }
}

/** Where the first empty line ends in `piece`, which comes after `before`; -1 when there is none. */
function emptyLineEnd(before: Buffer, piece: Buffer): number {
  const start = Buffer.concat([before, piece.subarray(0, 2)])
  const across = emptyLineIn(start)
  return across === -1 ? emptyLineIn(piece) : across - before.length
}

function emptyLineIn(bytes: Buffer): number {
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3
  }
  return -1
}
