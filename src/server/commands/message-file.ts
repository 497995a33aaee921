import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { EnvelopeErrorCode } from '../../core/envelope/errors.ts'
import { readMessageHtml } from '../../core/envelope/read-message-html.ts'
import type { ReadMessageHtml } from '../../core/envelope/read-message-html.ts'
import { CommandError } from './command-error.ts'
import { readInputFile } from './input-file.ts'

/** @throws CommandError that says what is wrong with the file */
export async function readMessageFile(path: string): Promise<ReadMessageHtml> {
  const html = await readInputFile(path)
  return explainEnvelopeErrors(path, () => readMessageHtml(html))
}

const sentences: Partial<Record<EnvelopeErrorCode, string>> = {
  'not-a-message': 'holds no Zegel message; is it the attachment message.html?',
  'damaged-message': 'is damaged or cut off; save the attachment again',
  'unknown-version': 'was made by a later version; use a newer zegel',
  'unknown-stanza': 'was made by a later version; use a newer zegel',
  'too-large': 'is larger than any Zegel message',
  'wrong-key': 'does not open with this key',
  'altered-content': 'was altered or cut off after it was sealed; nothing of it is shown',
}

/** Runs work on a message file; turns an EnvelopeError into a sentence that names the file. */
export async function explainEnvelopeErrors<T>(
  path: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const sentence = cause instanceof EnvelopeError ? sentences[cause.code] : undefined
    if (sentence === undefined) throw cause
    throw new CommandError(`${path} ${sentence}`, { cause })
  }
}
