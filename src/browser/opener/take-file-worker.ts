import { takeFile } from './take-file.ts'
import type { TakeInAnswer } from './taken-message.ts'
import type { WorkerWord } from '../ui/worker-task.ts'

// Reads and decodes message.html away from the page: 34 MB of base64 would block it.
addEventListener('message', (event: MessageEvent<Blob>) => {
  answer(event.data).catch(reportError) // else nobody would hear of it: the page waits for ever
})

async function answer(file: Blob): Promise<void> {
  const taken = await takeFile(file, (done, total) => say({ kind: 'progress', done, total }))
  say({ kind: 'answer', answer: taken })
}

function say(word: WorkerWord<TakeInAnswer>): void {
  postMessage(word)
}
