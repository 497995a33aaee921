import { writeReplyHead } from '../../../core/reply/reply-head.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'
import type { WorkerWord } from '../../ui/worker-task.ts'
import { sealStream } from './seal-stream.ts'
import type { SealRequest } from './seal-stream.ts'

/** The head is written here: the page loads nothing for it. */
export interface ReplyToSeal extends Omit<SealRequest, 'head'> {
  readonly head: ReplyHead
}

// Seals a reply away from the page.
addEventListener('message', (event: MessageEvent<ReplyToSeal>) => {
  answer(event.data).catch(reportError) // else nobody would hear of it: the page waits for ever
})

/** Sealed bytes are handed to the browser in pieces of this size, which may put them on the disk: they are sealed. */
const blobBytes = 4 * 1024 * 1024

async function answer({ head, ...rest }: ReplyToSeal): Promise<void> {
  const request = { ...rest, head: writeReplyHead(head) }
  const total = request.parts.reduce((sum, { size }) => sum + size, request.head.length)
  const say = (word: WorkerWord<Blob>): void => postMessage(word)
  say({ kind: 'progress', done: 0, total }) // so that a worker that could not be loaded is told from one that fails
  const sealed = await sealStream(request, done => say({ kind: 'progress', done, total }))
  say({ kind: 'answer', answer: await collect(sealed) })
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  const blobs: Blob[] = []
  let pieces: Uint8Array<ArrayBuffer>[] = []
  let held = 0
  const reader = stream.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value)
    held += read.value.length
    if (held < blobBytes) continue
    blobs.push(new Blob(pieces))
    pieces = []
    held = 0
  }
  return new Blob([...blobs, ...pieces])
}
