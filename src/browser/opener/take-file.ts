import { readMessageHtml } from '../../core/envelope/read-message-html.ts'
import { answerTaken, toTaken } from './taken-message.ts'
import type { TakeInAnswer } from './taken-message.ts'

/** Reads a message.html. */
export function takeFile(file: Blob): Promise<TakeInAnswer> {
  return answerTaken(async () => {
    const html = new Uint8Array(await file.arrayBuffer())
    const { ageFile, signature, share } = readMessageHtml(html)
    return toTaken(ageFile, signature, share)
  })
}
