import { openLetter } from './open-letter.ts'
import type { OpenLetterAnswer, OpenLetterRequest } from './open-letter.ts'
import type { WorkerWord } from '../ui/worker-task.ts'

/** Progress is told this often at most: each word costs the page a moment. */
const progressEveryMs = 50

// Decrypts away from the page, which stays responsive.
addEventListener('message', (event: MessageEvent<OpenLetterRequest>) => {
  answer(event.data).catch(reportError) // else nobody would hear of it: the page waits for ever
})

async function answer(request: OpenLetterRequest): Promise<void> {
  let toldAtMs = performance.now()
  const opened = await openLetter(request, (done, total) => {
    if (performance.now() - toldAtMs < progressEveryMs) return
    toldAtMs = performance.now()
    say({ kind: 'progress', done, total })
  })
  say({ kind: 'answer', answer: opened }, opened.ok ? [opened.mail.buffer] : [])
}

function say(word: WorkerWord<OpenLetterAnswer>, transfer: Transferable[] = []): void {
  postMessage(word, { transfer })
}
