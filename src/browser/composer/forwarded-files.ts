import type { Attachment, Letter } from '../viewer/letter/letter.ts'
import type { DraftFile } from './draft.ts'
import { originalId } from './original-files.ts'

/** An attachment of a forwarded letter; the file is null while it is left out. */
export interface ForwardedFile {
  readonly attachment: Attachment
  /** Its place in the letter. */
  readonly at: number
  readonly file: DraftFile | null
}

/** Which attachments of the letter go along; pictures that its text shows go with the text. */
export function ofOriginal(
  letter: Pick<Letter, 'attachments'> | null,
  files: readonly DraftFile[],
): readonly ForwardedFile[] {
  return (letter?.attachments ?? []).flatMap((attachment, at) => {
    if (attachment.inline) return []
    const file = files.find(one => one.isOriginal && one.id === originalId(at)) ?? null
    return [{ attachment, at, file }]
  })
}

/** Attachments that are no part of the forwarded letter. */
export function ownFiles(
  originals: readonly ForwardedFile[],
  files: readonly DraftFile[],
): readonly DraftFile[] {
  const theirs = new Set(originals.map(({ file }) => file))
  return files.filter(file => file.contentId === null && !theirs.has(file))
}
