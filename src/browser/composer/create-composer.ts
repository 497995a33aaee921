import type { ReplyKind } from '../../core/reply/reply-head.ts'
import { addFiles, addPicture, asAdding, removeFile, usedBytes } from './add-files.ts'
import { answerAddresses } from './addressing/answer-addresses.ts'
import { answerSubject } from './addressing/answer-subject.ts'
import { answeredBy, isWriting } from './composing.ts'
import type { Composing } from './composing.ts'
import type { Composer } from './composer.ts'
import type { DraftPatch } from './draft.ts'
import { addOriginal, addOriginals } from './original-files.ts'
import { saveNow, saveOnLeaving, setDraft } from './keep-draft.ts'
import { quoteKind } from './quote/quote-letter.ts'
import { sendDraft } from './send-draft.ts'

/** Draws nothing and knows no element. @param found what of a kept draft was found */
export function createComposer(
  composing: Composing,
  found: Pick<Composer, 'isRestored' | 'lost'>,
): Composer {
  const { needs, draft, sending, mayHaveArrived, keeping, refused } = composing
  const { offer, release, letter } = needs
  const { leftOut, tooMany } = answerAddresses('reply-all', answeredBy(needs))
  const stopListening = saveOnLeaving(composing)
  return {
    draft,
    sending,
    mayHaveArrived,
    keeping,
    refused,
    ...found,
    participants: offer.participants,
    inside: offer.inside,
    mayForward: release.permissions.forward,
    leftOut,
    tooMany,
    original: quoteKind(letter, composing.quote),
    room: () => ({ used: usedBytes(composing), max: offer.maxBytes }),
    change: patch => change(composing, patch),
    answerAs: kind => void asAdding(composing, answerAs(composing, kind)),
    addFiles: files =>
      asAdding(
        composing,
        addFiles(
          composing,
          files.map(file => ({ name: file.name, type: file.type, bytes: file })),
        ),
      ),
    addPicture: (file, name = '') => asAdding(composing, addPicture(composing, file, name)),
    addOriginal: at => asAdding(composing, addOriginal(composing, at)),
    removeFile: id => removeFile(composing, id),
    send: () => sendDraft(composing),
    stop: () => composing.stopped.abort(),
    discard: async () => {
      stopListening()
      await throwAway(composing)
    },
    end: async () => {
      stopListening()
      composing.stopped.abort()
      await saveNow(composing)
      composing.isOver = true
    },
  }
}

function change(composing: Composing, patch: DraftPatch): void {
  if (isWriting(composing)) setDraft(composing, { ...composing.draft.value, ...patch })
}

async function answerAs(composing: Composing, kind: ReplyKind): Promise<void> {
  const { needs, draft } = composing
  if (!isWriting(composing) || draft.value.kind === kind) return
  const { to, cc } = answerAddresses(kind, answeredBy(needs))
  const subject = answerSubject(kind, needs.letter?.subject ?? '')
  for (const { id, isOriginal } of draft.value.files) if (isOriginal) removeFile(composing, id)
  setDraft(composing, { ...draft.value, kind, to, cc, subject })
  if (kind === 'forward') await addOriginals(composing)
}

async function throwAway(composing: Composing): Promise<void> {
  composing.stopped.abort()
  composing.isOver = true
  clearTimeout(composing.saveTimer)
  await composing.needs.store.clear()
}
