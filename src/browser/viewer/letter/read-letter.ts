import { WorkerError, runInWorker } from '../../ui/worker-task.ts'
import type { Letter } from './letter.ts'
// oxlint-disable-next-line import/default -- Vite gives the module its default export
import letterUrl from './letter-worker.ts?worker&url'

/** A mail made to keep a parser busy: it is not displayed, and its original is offered. */
const readLimitMs = 20_000
/** A mail of 100 MB takes 10 s on a busy computer: large ones have more time. Bytes each millisecond. */
const slowestReading = 2000

export interface ReadLetter {
  readonly letter: Letter | null
  /** Why there is none. */
  readonly why: 'unreadable' | 'time-limit' | null
}

/** Reads a mail in a worker with a time limit; takes the bytes over. */
export async function readLetter(
  mail: Uint8Array<ArrayBuffer>,
  stopped?: AbortSignal,
): Promise<ReadLetter> {
  try {
    const letter = await runInWorker<Letter>({
      url: letterUrl,
      request: mail,
      transfer: [mail.buffer],
      limitMs: readLimitMs + mail.byteLength / slowestReading,
      stopped,
    })
    const empty = letter.sections.length === 0 && letter.attachments.length === 0
    return empty ? { letter: null, why: 'unreadable' } : { letter, why: null }
  } catch (error) {
    const late = error instanceof WorkerError && error.code === 'time-limit'
    return { letter: null, why: late ? 'time-limit' : 'unreadable' }
  }
}
