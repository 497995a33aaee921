import type { WorkerWord } from '../../ui/worker-task.ts'
import type { Letter } from './letter.ts'
import { toLetter } from './to-letter.ts'

// Reads a mail away from the page, which ends this worker when it takes too long.
addEventListener('message', (event: MessageEvent<Uint8Array>) => {
  const word: WorkerWord<Letter> = { kind: 'answer', answer: toLetter(event.data) }
  postMessage(word)
})
