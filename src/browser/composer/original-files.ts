import { addFile } from './add-files.ts'
import type { NewFile } from './add-files.ts'
import type { ComposerNeeds, Composing } from './composing.ts'
import type { Quote } from './quote/quote-letter.ts'

/** The files of a letter that is forwarded; the letter itself where it cannot be quoted. */
export async function addOriginals(composing: Composing): Promise<void> {
  const { needs, quote } = composing
  for (const file of originalFiles(needs, quote)) await addFile(composing, file)
}

/** An attachment that was left out goes along again. @param at its place in the letter */
export async function addOriginal(composing: Composing, at: number): Promise<void> {
  const id = originalId(at)
  if (composing.draft.value.files.some(file => file.id === id)) return
  const found = originalFiles(composing.needs, composing.quote).find(one => one.originalId === id)
  if (found !== undefined) await addFile(composing, found)
}

/** Of an attachment, by its place in the letter. */
export const originalId = (at: number): string => `attachment-${at}`

/** By ids that are the same after a reload. */
export function originalFiles(
  { letter, mail }: Pick<ComposerNeeds, 'letter' | 'mail'>,
  quote: Quote | null,
): readonly NewFile[] {
  const whole = { name: 'message.eml', type: 'message/rfc822', bytes: mail, originalId: 'letter' }
  const attached = (letter?.attachments ?? []).flatMap(({ inline, name, type, bytes }, at) =>
    inline ? [] : [{ name, type, bytes, originalId: originalId(at) }],
  )
  return [...(quote === null ? [whole] : []), ...attached]
}
