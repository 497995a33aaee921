import { runInWorker } from '../ui/worker-task.ts'
import type { TakeInAnswer } from './taken-message.ts'
// oxlint-disable-next-line import/default -- Vite gives the module its default export
import workerUrl from './take-file-worker.ts?worker&url'

/**
 * Reads a picked message.html of any size without blocking the page.
 * @throws {WorkerError} when the worker fails, for want of memory for instance, or is stopped
 */
export function takePickedQuietly(
  file: Blob,
  onProgress: (done: number, total: number) => void,
  stopped: AbortSignal,
): Promise<TakeInAnswer> {
  return runInWorker<TakeInAnswer>({ url: workerUrl, request: file, onProgress, stopped })
}
