import { runInWorker } from '../../ui/worker-task.ts'
import type { ReplyToSeal } from './seal-worker.ts'
// oxlint-disable-next-line import/default -- Vite gives the module its default export
import sealUrl from './seal-worker.ts?worker&url'

/**
 * Seals in a worker of its own, which ends with it.
 * @throws {WorkerError} when it fails, for want of memory for instance, or is stopped
 */
export function sealReply(
  request: ReplyToSeal,
  onProgress: (done: number, total: number) => void,
  stopped: AbortSignal,
): Promise<Blob> {
  return runInWorker<Blob>({ url: sealUrl, request, onProgress, stopped })
}
