import type { Composing } from './composing.ts'
import type { Draft, DraftFile } from './draft.ts'
import type { Keeping } from './composer.ts'
import type { KeptDraft, KeptFile } from './drafts/kept-draft.ts'
import { isSameAnswer } from './tried-draft.ts'
import type { TriedDraft } from './tried-draft.ts'

/** A pause in typing of this length is used to keep what was typed. */
const saveAfterMs = 500

export function setDraft(composing: Composing, draft: Draft): void {
  composing.draft.value = draft
  const isFirst = !composing.isChanged
  composing.isChanged = true
  if (composing.sending.value.kind === 'failed') composing.sending.value = { kind: 'writing' }
  // From then on what is typed last can be kept too.
  if (isFirst) void saveNow(composing)
  else saveSoon(composing)
}

/** What was sent already, if the draft is still the same. */
export function triedAlready({ draft, tried }: Composing): TriedDraft | null {
  return tried !== null && isSameAnswer(draft.value, tried) ? tried : null
}

export function saveSoon(composing: Composing): void {
  clearTimeout(composing.saveTimer)
  composing.saveTimer = setTimeout(() => void saveNow(composing), saveAfterMs)
}

/** Resolves when the draft is kept, or cannot be. */
export async function saveNow(composing: Composing): Promise<void> {
  clearTimeout(composing.saveTimer)
  if (composing.isOver || !composing.isChanged) return
  noteKeeping(composing, await composing.needs.store.save(toKeep(composing)))
}

function saveAtOnce(composing: Composing): void {
  if (!composing.isOver && composing.isChanged) composing.needs.store.saveAtOnce(toKeep(composing))
}

function toKeep(composing: Composing): KeptDraft {
  const { needs, draft, mayHaveArrived } = composing
  const tried = triedAlready(composing)
  return {
    version: 1,
    messageId: needs.offer.messageId,
    writer: needs.release.recipient,
    wasTried: tried !== null,
    mayHaveArrived: mayHaveArrived.value,
    draft: {
      ...draft.value,
      submissionId: (tried?.draft ?? draft.value).submissionId,
      files: draft.value.files.map(withoutBytes),
    },
  }
}

function withoutBytes({ id, name, type, contentId, isOriginal }: DraftFile): KeptFile {
  return { id, name, type, contentId, isOriginal }
}

/** Once, when it is added: its bytes do not change. Those of the forwarded letter are with the letter. */
export async function saveFile(composing: Composing, file: DraftFile): Promise<void> {
  const { id, bytes, isOriginal } = file
  if (isOriginal) return
  const kept = await composing.needs.store.saveFile(id, bytes)
  if (kept !== 'kept' && !composing.isOver) composing.unkept.add(id)
  noteKeeping(composing, kept)
}

/** A file that is not kept stays so until it is taken away, whatever else is. */
function noteKeeping({ keeping: known, unkept }: Composing, keeping: Keeping): void {
  if (keeping !== 'kept') known.value = keeping
  else if (unkept.size === 0) known.value = 'kept'
}

/**
 * Keeps what was typed when the page may be on its way out: at once, as nobody knows what time there is, and as usual
 * for a page that stays. @returns what ends it
 */
export function saveOnLeaving(composing: Composing): () => void {
  const save = (): void => {
    saveAtOnce(composing)
    void saveNow(composing)
  }
  const hide = (): void => {
    if (document.visibilityState === 'hidden') save()
  }
  addEventListener('beforeunload', save)
  addEventListener('pagehide', save)
  document.addEventListener('visibilitychange', hide)
  return () => {
    removeEventListener('beforeunload', save)
    removeEventListener('pagehide', save)
    document.removeEventListener('visibilitychange', hide)
  }
}
