import type { WorkerWord } from '../../ui/worker-task.ts'
import type { Letter } from './letter.ts'
import { toLetter } from './to-letter.ts'

// Reads a mail away from the page, which ends this worker when it takes too long.
addEventListener('message', (event: MessageEvent<Uint8Array>) => {
  answer(event.data).catch(reportError) // else nobody would hear of it: the page waits for ever
})

async function answer(mail: Uint8Array): Promise<void> {
  const word: WorkerWord<Letter> = { kind: 'answer', answer: await toLetter(mail) }
  postMessage(word)
}
