import { runInWorker } from '../../ui/worker-task.ts'
import { download } from './download.ts'
import type { Attachment } from './letter.ts'
// oxlint-disable-next-line import/default -- Vite gives the module its default export
import zipUrl from './zip-worker.ts?worker&url'

/**
 * Hands all attachments to the browser as one zip.
 * @throws {WorkerError} when they do not fit into memory
 */
export async function downloadAll(
  attachments: readonly Attachment[],
  zipName: string,
): Promise<void> {
  const request = attachments.map(({ name, bytes }) => ({ name, bytes }))
  download(await runInWorker<Blob>({ url: zipUrl, request }), zipName)
}
