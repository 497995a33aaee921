import type { ReplyKind } from '../../core/reply/reply-head.ts'
import { threadIds } from './addressing/thread-ids.ts'
import type { Composer } from './composer.ts'
import { newComposing, newDraft } from './composing.ts'
import type { ComposerNeeds, Composing } from './composing.ts'
import { createComposer } from './create-composer.ts'
import type { DraftFile } from './draft.ts'
import type { LoadedDraft } from './drafts/draft-store.ts'
import { addOriginals, originalFiles } from './original-files.ts'
import { quoteLetter } from './quote/quote-letter.ts'
import type { Quote } from './quote/quote-letter.ts'

/**
 * The draft that was left, or a new one; one of somebody else is thrown away as soon as another is begun.
 * @param kind null to look for a kept draft only
 */
export async function beginComposer(
  needs: ComposerNeeds,
  kind: ReplyKind | null,
): Promise<Composer | null> {
  const loaded = await needs.store.load()
  const found = loaded !== null && isOf(loaded, needs) ? loaded : null
  if (found === null && kind === null) return null
  const quote = needs.letter === null ? null : await quoteLetter(needs.letter)
  const thread = await threadIds(needs.mail)
  const composing = newComposing(needs, newDraft(kind ?? 'reply', needs), quote, thread)
  if (found !== null) return createComposer(composing, restore(composing, found))
  if (loaded !== null) await needs.store.clear() // of somebody else, who signed in here before
  if (kind === 'forward') await addOriginals(composing)
  return createComposer(composing, { isRestored: false, lost: [] })
}

function isOf({ kept }: LoadedDraft, { release, offer }: ComposerNeeds): boolean {
  return kept.writer === release.recipient && kept.messageId === offer.messageId
}

function restore(
  composing: Composing,
  { kept, bytes }: LoadedDraft,
): Pick<Composer, 'isRestored' | 'lost'> {
  const originals = bytesOfOriginals(composing.needs, composing.quote)
  const files = kept.draft.files.flatMap((file): DraftFile[] => {
    const found = file.isOriginal ? originals.get(file.id) : bytes.get(file.id)
    return found === undefined ? [] : [{ ...file, bytes: found }]
  })
  composing.draft.value = { ...kept.draft, files }
  const { value: draft } = composing.draft
  composing.tried = kept.wasTried ? { draft, refused: new Set() } : null
  composing.mayHaveArrived.value = kept.mayHaveArrived ?? false
  const there = new Set(files.map(({ id }) => id))
  const lost = kept.draft.files.filter(({ id }) => !there.has(id)).map(({ name }) => name)
  return { isRestored: true, lost }
}

function bytesOfOriginals(needs: ComposerNeeds, quote: Quote | null): ReadonlyMap<string, Blob> {
  return new Map(originalFiles(needs, quote).map(file => [file.originalId ?? '', file.bytes]))
}
