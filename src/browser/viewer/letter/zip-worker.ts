import type { WorkerWord } from '../../ui/worker-task.ts'
import { zipFiles } from './zip-files.ts'
import type { ZipEntry } from './zip-files.ts'

// Packs attachments away from the page.
addEventListener('message', (event: MessageEvent<readonly ZipEntry[]>) => {
  answer(event.data).catch(reportError) // else nobody would hear of it: the page waits for ever
})

async function answer(entries: readonly ZipEntry[]): Promise<void> {
  const word: WorkerWord<Blob> = { kind: 'answer', answer: await zipFiles(entries) }
  postMessage(word)
}
