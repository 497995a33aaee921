import { formatMoment } from '../ui/format.ts'
import { locale, text } from '../ui/text.ts'
import type { ReplyKind } from '../../core/reply/reply-head.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { threadIds } from './addressing/thread-ids.ts'
import type { Composer } from './composer.ts'
import { newComposing, newDraft } from './composing.ts'
import type { ComposerNeeds, Composing } from './composing.ts'
import { createComposer } from './create-composer.ts'
import type { DraftFile } from './draft.ts'
import { createDraftStore } from './drafts/draft-store.ts'
import type { LoadedDraft } from './drafts/draft-store.ts'
import { cleanWritten } from './editor/clean-written.ts'
import { addOriginals, originalFiles } from './original-files.ts'
import { htmlToText } from './quote/html-to-text.ts'
import type { QuoteWords } from './quote/quote-head.ts'
import { quoteLetter } from './quote/quote-letter.ts'
import type { Quote } from './quote/quote-letter.ts'
import { sealReply } from './sealing/seal-reply.ts'
import { sendReply } from './send-reply.ts'

/**
 * The answer to a letter: the draft that was left in this tab, or a new one. Needs the sentences of `composer`.
 * @param kind of a new one; null to look for a kept draft only
 * @returns null where no answer is taken, or no draft was kept
 */
export async function startComposer(
  shown: ShownLetter,
  kind: ReplyKind | null,
  clock: () => number = Date.now,
): Promise<Composer | null> {
  const { release, letter, mail, stanza } = shown
  if (release.reply === null) return null
  const needs: ComposerNeeds = {
    release,
    offer: release.reply,
    letter,
    mail,
    stanza,
    own: [],
    store: createDraftStore(clock),
    seal: sealReply,
    send: sendReply,
    words: quoteWords,
    locale: () => locale.value,
    clean: cleanAnswer,
  }
  return beginComposer(needs, kind)
}

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
  composing.wasTried = kept.wasTried
  composing.isChanged = true
  const there = new Set(files.map(({ id }) => id))
  const lost = kept.draft.files.filter(({ id }) => !there.has(id)).map(({ name }) => name)
  return { isRestored: true, lost }
}

function bytesOfOriginals(needs: ComposerNeeds, quote: Quote | null): ReadonlyMap<string, Blob> {
  return new Map(originalFiles(needs, quote).map(file => [file.originalId ?? '', file.bytes]))
}

/** As the editor does: pictures of the answer itself stay, nothing else is fetched. */
function cleanAnswer(
  html: string,
  contentIds: ReadonlySet<string>,
): { readonly html: string; readonly text: string } {
  const picture = (address: string): string | null =>
    address.startsWith('cid:') && contentIds.has(address.slice(4)) ? address : null
  const fragment = cleanWritten(html, { picture })
  const words = htmlToText(fragment)
  const holder = document.createElement('template')
  holder.content.append(fragment)
  return { html: holder.innerHTML, text: words }
}

function quoteWords(): QuoteWords {
  return {
    attribution: (date, sender) => text('composer.quoteWrote', { date, sender }),
    forwarded: text('composer.quoteForwarded'),
    field: (name, value) => text(`composer.quote-${name}`, { value }),
    moment: formatMoment,
  }
}
