import { EnvelopeError } from '../../core/envelope/errors.ts'
import { MAX_MESSAGE_HTML_BYTES } from '../../core/envelope/limits.ts'
import { readMessageHtml } from '../../core/envelope/read-message-html.ts'
import { answerTaken, toTaken } from './taken-message.ts'
import type { TakeInAnswer } from './taken-message.ts'

/** Read at once; small enough for progress that moves, large enough to cost nothing. */
const pieceBytes = 1024 * 1024

/**
 * Reads a message.html.
 * @param onProgress is told how many bytes of the file are read
 */
export function takeFile(
  file: Blob,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<TakeInAnswer> {
  return answerTaken(async () => {
    if (file.size > MAX_MESSAGE_HTML_BYTES) throw new EnvelopeError('too-large', 'message.html')
    const { ageFile, signature, share } = readMessageHtml(await readPieces(file, onProgress))
    return toTaken(ageFile, signature, share)
  })
}

/** The disk may be a slow one, or a cloud's that fetches the file first. */
async function readPieces(
  file: Blob,
  onProgress: (done: number, total: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.size)
  for (let at = 0; at < file.size; at += pieceBytes) {
    const piece = await file.slice(at, at + pieceBytes).arrayBuffer()
    bytes.set(new Uint8Array(piece), at)
    onProgress(at + piece.byteLength, file.size)
  }
  return bytes
}
