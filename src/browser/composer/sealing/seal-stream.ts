import { Encrypter } from 'age-encryption'

export interface SealRequest {
  /** `age1pq1…`: the gateway's alone. */
  readonly recipient: string
  /** Magic, length and JSON, as `writeReplyHead` makes it. */
  readonly head: Uint8Array<ArrayBuffer>
  readonly parts: readonly Blob[]
}

/** Read at once: progress that moves, and no part is ever whole in memory. */
const pieceBytes = 256 * 1024

/**
 * A reply file, piece by piece. docs/replies.md §1
 * @param onProgress is told how many bytes of the plaintext are sealed
 * @throws what age-encryption throws for a recipient that is none, and a part that cannot be read
 */
export async function sealStream(
  { recipient, head, parts }: SealRequest,
  onProgress: (done: number) => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const pieces = plaintext(head, parts, onProgress)
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
  })
  const sealed = await encrypter.encrypt(source)
  return sealed as ReadableStream<Uint8Array<ArrayBuffer>>
}

async function* plaintext(
  head: Uint8Array<ArrayBuffer>,
  parts: readonly Blob[],
  onProgress: (done: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  let done = head.length
  yield head
  for (const part of parts) {
    for (let at = 0; at < part.size; at += pieceBytes) {
      const piece = new Uint8Array(await part.slice(at, at + pieceBytes).arrayBuffer())
      done += piece.length
      yield piece
      onProgress(done)
    }
  }
  return undefined
}

/** age's chunks, each with a tag. https://age-encryption.org/v1 §Payload */
const chunkBytes = 64 * 1024
const tagBytes = 16
/** Header with one post-quantum stanza, and the nonce: more than age writes. */
const headerBytes = 2048

/** At most so long is what `sealStream` makes of so many bytes. */
export function sealedBytes(plainBytes: number): number {
  return headerBytes + plainBytes + tagBytes * Math.max(1, Math.ceil(plainBytes / chunkBytes))
}
