import { MAX_REPLY_PARTS } from '../../core/reply/limits.ts'
import { safeFileName } from '../viewer/mail/file-name.ts'
import type { FileRefusal } from './composer.ts'
import { isWriting } from './composing.ts'
import type { Composing } from './composing.ts'
import type { DraftFile } from './draft.ts'
import { saveFile, setDraft } from './keep-draft.ts'
import { newContentId, newId } from './new-id.ts'
import { pictureType } from './quote/picture-type.ts'
import { sealedBytes } from './sealing/seal-stream.ts'

/** RFC 6838 §4.2 */
const typePattern = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}$/
/** Head of the file and what is written around the words. */
const aroundBytes = 16 * 1024
/** A head's words about one file. */
const bytesPerFile = 512
/** A character in text and in HTML. */
const bytesPerCharacter = 6
/** Text and HTML of the quote are parts of their own, as is each of its pictures. */
const otherParts = 2

/** What is to be added. */
export interface NewFile {
  readonly name: string
  readonly type: string
  readonly bytes: Blob
  /** For a picture of the text. */
  readonly contentId?: string
  /** There when it came with the letter that is forwarded: the same each time. */
  readonly originalId?: string
}

/** What is sent waits for it. @param work never rejects */
export async function asAdding<T>({ adding }: Composing, work: Promise<T>): Promise<T> {
  adding.add(work)
  try {
    return await work
  } finally {
    adding.delete(work)
  }
}

/** Copies each file and adds it; those that cannot be are told in `refused`. */
export async function addFiles(composing: Composing, files: readonly NewFile[]): Promise<void> {
  for (const file of files) await addFile(composing, file)
}

/** @returns null when it is refused */
export async function addFile(composing: Composing, file: NewFile): Promise<DraftFile | null> {
  const name = safeFileName(file.name) || 'file'
  // Before it is read: a film of an hour would fill the memory.
  const tooMuch = reasonAgainst(composing, file.bytes.size)
  if (tooMuch !== null) return refuse(composing, name, tooMuch)
  const bytes = await copyOf(file.bytes)
  if (!isWriting(composing)) return null
  const why = bytes === null ? 'unreadable' : reasonAgainst(composing, bytes.size)
  if (bytes === null || why !== null) return refuse(composing, name, why ?? 'unreadable')
  const added: DraftFile = {
    id: file.originalId ?? newId(),
    name,
    type: typePattern.test(file.type) ? file.type : 'application/octet-stream',
    bytes,
    contentId: file.contentId ?? null,
    isOriginal: file.originalId !== undefined,
  }
  const { value: draft } = composing.draft
  const changed = { ...draft, files: [...draft.files, added] }
  // The files of a letter that is only looked at are no change.
  if (added.isOriginal && !composing.isChanged) composing.draft.value = changed
  else setDraft(composing, changed)
  await saveFile(composing, added)
  return added
}

/** Only what mail programs draw is a picture; any other file goes along as a file. @returns null then */
export async function addPicture(
  composing: Composing,
  bytes: Blob,
  name: string,
): Promise<DraftFile | null> {
  const type = await pictureType(bytes).catch(() => null)
  if (type === null) {
    await addFile(composing, { name, type: bytes.type, bytes })
    return null
  }
  return addFile(composing, { name, type, bytes, contentId: newContentId() })
}

export function removeFile(composing: Composing, id: string): void {
  if (!isWriting(composing)) return
  const { draft, needs } = composing
  composing.unkept.delete(id)
  setDraft(composing, { ...draft.value, files: draft.value.files.filter(file => file.id !== id) })
  void needs.store.removeFile(id)
}

/** Whether a file goes along: a picture only while the text shows it. @param html what is written */
export function isShown({ contentId }: DraftFile, html: string): boolean {
  return contentId === null || html.includes(`cid:${contentId}`)
}

/** Of the sealed reply, a little more than it will be. */
export function usedBytes({ draft, quote }: Composing): number {
  const { files, format, written, quoted } = draft.value
  const goesAlong = quoted ? quote : null
  const quoteLength = (goesAlong?.html ?? '').length + (goesAlong?.text ?? '').length
  const pictures = goesAlong?.pictures ?? []
  const shown = files.filter(file => isShown(file, format === 'html' ? written : ''))
  const content = [...shown, ...pictures].reduce(
    (sum, { bytes }) => sum + bytes.size + bytesPerFile,
    0,
  )
  return sealedBytes(aroundBytes + written.length * bytesPerCharacter + quoteLength * 3 + content)
}

function reasonAgainst(composing: Composing, size: number): FileRefusal | null {
  const { draft, quote, needs } = composing
  const parts = otherParts + draft.value.files.length + (quote?.pictures.length ?? 0)
  if (parts >= MAX_REPLY_PARTS) return 'too-many'
  const chunks = Math.ceil(size / 65_536) * 16
  const used = usedBytes(composing) + size + chunks + bytesPerFile
  return used > needs.offer.maxBytes ? 'too-large' : null
}

/** In memory: a file that changes or goes, on the disk or in a cloud, would break the sealing. Null: a folder, or gone already. */
async function copyOf(file: Blob): Promise<Blob | null> {
  try {
    return new Blob([await file.arrayBuffer()])
  } catch {
    return null
  }
}

function refuse({ refused }: Composing, name: string, why: FileRefusal): null {
  refused.value = [...refused.value, { name, why }]
  return null
}
