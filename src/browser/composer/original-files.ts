import { addFile } from './add-files.ts'
import type { NewFile } from './add-files.ts'
import type { ComposerNeeds, Composing } from './composing.ts'
import type { Quote } from './quote/quote-letter.ts'

/** The files of a letter that is forwarded; the letter itself where it cannot be quoted. */
export async function addOriginals(composing: Composing): Promise<void> {
  const { needs, quote } = composing
  for (const file of originalFiles(needs, quote)) await addFile(composing, file)
}

/** By ids that are the same after a reload. */
export function originalFiles(
  { letter, mail }: Pick<ComposerNeeds, 'letter' | 'mail'>,
  quote: Quote | null,
): readonly NewFile[] {
  const whole = { name: 'message.eml', type: 'message/rfc822', bytes: mail, originalId: 'letter' }
  const attached = (letter?.attachments ?? []).flatMap(({ inline, name, type, bytes }, at) =>
    inline ? [] : [{ name, type, bytes, originalId: `attachment-${at}` }],
  )
  return [...(quote === null ? [whole] : []), ...attached]
}
