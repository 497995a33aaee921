import { formatMoment } from '../ui/format.ts'
import { locale, text } from '../ui/text.ts'
import type { ReplyKind } from '../../core/reply/reply-head.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { beginComposer } from './begin-composer.ts'
import type { Composer } from './composer.ts'
import type { ComposerNeeds } from './composing.ts'
import { createDraftStore } from './drafts/draft-store.ts'
import { cleanWritten } from './editor/clean-written.ts'
import { htmlToText } from './quote/html-to-text.ts'
import type { QuoteWords } from './quote/quote-head.ts'
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
