import { runInWorker } from '../ui/worker-task.ts'
import { takePosted } from './taken-message.ts'
import type { PostedEnvelope, TakeInAnswer } from './taken-message.ts'
// oxlint-disable-next-line import/default -- Vite gives the module its default export
import workerUrl from './take-posted-worker.ts?worker&url'

/** Up to this size reading at once is quicker than starting a worker, and blocks the page for a few milliseconds. */
const atOnceBytes = 512 * 1024

/**
 * Reads a posted message without blocking the page.
 * @throws {WorkerError} when the worker fails, for want of memory for instance
 */
export function takePostedQuietly(posted: PostedEnvelope): Promise<TakeInAnswer> {
  if (posted.envelope.length <= atOnceBytes) return takePosted(posted)
  return runInWorker<TakeInAnswer>({ url: workerUrl, request: posted })
}
