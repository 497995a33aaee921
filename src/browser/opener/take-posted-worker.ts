import { takePosted } from './taken-message.ts'
import type { PostedEnvelope, TakeInAnswer } from './taken-message.ts'
import type { WorkerWord } from '../ui/worker-task.ts'

// Decodes a posted envelope of up to 8 MiB away from the page.
addEventListener('message', (event: MessageEvent<PostedEnvelope>) => {
  answer(event.data).catch(reportError) // else nobody would hear of it: the page waits for ever
})

async function answer(posted: PostedEnvelope): Promise<void> {
  const word: WorkerWord<TakeInAnswer> = { kind: 'answer', answer: await takePosted(posted) }
  postMessage(word)
}
