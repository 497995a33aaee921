import type { Attachment, Letter } from '../viewer/letter/letter.ts'
import type { DraftFile } from './draft.ts'

/** An attachment of a forwarded letter; the file is null while it is left out. */
export interface ForwardedFile {
  readonly attachment: Attachment
  readonly file: DraftFile | null
}

/** Which attachments of the letter go along; pictures that its text shows go with the text. */
export function ofOriginal(
  letter: Pick<Letter, 'attachments'> | null,
  files: readonly DraftFile[],
): readonly ForwardedFile[] {
  const free = new Set(files.filter(({ contentId }) => contentId === null))
  return (letter?.attachments ?? [])
    .filter(({ inline }) => !inline)
    .map(attachment => {
      const file = [...free].find(one => isSame(one, attachment)) ?? null
      if (file !== null) free.delete(file)
      return { attachment, file }
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

function isSame({ name, bytes }: DraftFile, attachment: Attachment): boolean {
  return name === attachment.name && bytes.size === attachment.bytes.size
}
