import { Splitter } from 'mailsplit'
import type { MimeNode } from 'mailsplit'
import { MAX_HEADER_BYTES, MAX_PARTS } from './limits.ts'

/** A part of a mail with its body still as it stands in the mail. */
export interface MailPart {
  readonly node: MimeNode
  readonly chunks: Buffer[]
}

/**
 * The parts of a mail in their order, multiparts included; an attached message is one part.
 * What comes after a header flood or too many parts is left out.
 */
export async function splitMail(raw: Buffer): Promise<readonly MailPart[]> {
  const splitter = new Splitter({
    ignoreEmbedded: true,
    maxHeadSize: MAX_HEADER_BYTES,
    maxChildNodes: MAX_PARTS,
  })
  const parts: MailPart[] = []
  splitter.end(raw)
  try {
    for await (const piece of splitter) {
      if (piece.type === 'node') parts.push({ node: piece, chunks: [] })
      else if (piece.type === 'body') parts.at(-1)?.chunks.push(piece.value)
    }
  } catch (error) {
    if (!isLimit(error)) throw error
  }
  return parts
}

const isLimit = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EMAXLEN'

/** The body without its transfer encoding, byte for byte what was put in. RFC 2045 §6 */
export async function decodeBody(part: MailPart): Promise<Buffer> {
  const decoder = part.node.getDecoder()
  for (const chunk of part.chunks) decoder.write(chunk)
  decoder.end()
  const pieces: Buffer[] = []
  for await (const piece of decoder) pieces.push(piece)
  return Buffer.concat(pieces)
}
