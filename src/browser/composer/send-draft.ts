import { isShown } from './add-files.ts'
import { isWriting } from './composing.ts'
import type { Composing } from './composing.ts'
import { saveNow, saveSoon, triedAlready } from './keep-draft.ts'
import { newId } from './new-id.ts'
import { quoteHead } from './quote/quote-head.ts'
import { buildReply } from './sealing/build-reply.ts'
import type { BuiltReply } from './sealing/build-reply.ts'
import type { SendAnswer, SendRefusal } from './send-reply.ts'

/** Seals and sends. What comes of it stands in `sending`; the draft goes only when it was delivered. */
export async function sendDraft(composing: Composing): Promise<void> {
  await Promise.allSettled(composing.adding)
  if (!isWriting(composing)) return
  const { needs, draft, sending, mayHaveArrived } = composing
  const { to, cc } = draft.value
  if (to.length + cc.length === 0) return fail(composing, { code: 'no-recipients' })
  composing.stopped = new AbortController()
  nameSubmission(composing)
  sending.value = { kind: 'sealing', done: 0, total: 0 }
  const sealed = await seal(composing)
  if (composing.stopped.signal.aborted) return void (sending.value = { kind: 'writing' })
  if (sealed === null)
    return fail(composing, { code: hasBegun(composing) ? 'not-sealed' : 'offline' })
  if (sealed.size > needs.offer.maxBytes) return fail(composing, { code: 'too-large' })
  const { value: mayHaveBefore } = mayHaveArrived
  await rememberTrying(composing)
  await settle(composing, await upload(composing, sealed), mayHaveBefore)
}

/**
 * A draft that was never sent as it is gets its id now: the tab may have been duplicated, and what the other one sends
 * is another answer, which must not be taken for this one.
 */
function nameSubmission(composing: Composing): void {
  const submissionId = triedAlready(composing)?.draft.submissionId ?? newId()
  composing.draft.value = { ...composing.draft.value, submissionId }
}

/** False when what seals could not even be loaded. */
function hasBegun({ sending: { value } }: Composing): boolean {
  return value.kind === 'sealing' && value.total > 0
}

/** Null when the browser could not. */
async function seal(composing: Composing): Promise<Blob | null> {
  const { needs, sending, stopped } = composing
  try {
    const { head, parts } = replyOf(composing)
    const request = { recipient: needs.offer.recipient, head, parts }
    return await needs.seal(
      request,
      (done, total) => {
        if (!stopped.signal.aborted) sending.value = { kind: 'sealing', done, total }
      },
      stopped.signal,
    )
  } catch {
    return null
  }
}

export function replyOf(composing: Composing): BuiltReply {
  const { needs, draft, thread, quote } = composing
  const { release, offer, letter } = needs
  const { kind, quoted, files } = draft.value
  const written = writtenOf(composing)
  // A picture that was taken out of the text again does not go along, nor does any with plain text.
  const used = files.filter(file => isShown(file, written.html ?? ''))
  return buildReply({
    draft: { ...draft.value, files: used },
    offer,
    writer: release.recipient,
    thread,
    locale: needs.locale(),
    quote: quoted ? quote : null,
    quoteHead:
      quoted && quote !== null && letter !== null
        ? quoteHead(
            kind,
            { letter, sender: release.sender, createdAtMs: release.createdAtMs },
            needs.words(),
          )
        : [],
    written,
  })
}

function writtenOf({ needs, draft }: Composing): { html: string | null; text: string } {
  const { format, written, files } = draft.value
  if (format === 'text') return { html: null, text: written }
  return needs.clean(written, new Set(files.flatMap(({ contentId }) => contentId ?? [])))
}

/** From now on it may arrive: kept before the first byte goes, so that no reload sends it twice. */
async function rememberTrying(composing: Composing): Promise<void> {
  const { draft, mayHaveArrived } = composing
  composing.tried = {
    draft: draft.value,
    refused: triedAlready(composing)?.refused ?? new Set(),
  }
  mayHaveArrived.value = true
  composing.isChanged = true
  await saveNow(composing)
}

function upload(composing: Composing, sealed: Blob): Promise<SendAnswer> {
  const { needs, sending, stopped } = composing
  sending.value = { kind: 'uploading', done: 0, total: sealed.size }
  return needs.send({
    stanza: needs.stanza,
    sealed,
    stopped: stopped.signal,
    onProgress: (done, total) => {
      sending.value = done < total ? { kind: 'uploading', done, total } : { kind: 'delivering' }
    },
  })
}

async function settle(
  composing: Composing,
  answer: SendAnswer,
  mayHaveBefore: boolean,
): Promise<void> {
  if (!answer.ok) {
    composing.mayHaveArrived.value = mayHaveBefore || answer.mayHaveArrived
    noteRefused(composing, answer.refusal)
    saveSoon(composing)
    return fail(composing, answer.refusal)
  }
  clearTimeout(composing.saveTimer)
  composing.isOver = true
  await composing.needs.store.clear()
  composing.sending.value = { kind: 'sent' }
}

function noteRefused(composing: Composing, { recipients = [] }: SendRefusal): void {
  const { tried } = composing
  if (tried === null) return
  const people = [...tried.draft.to, ...tried.draft.cc]
  const refused = recipients.flatMap(position => people[position]?.address ?? [])
  composing.tried = { ...tried, refused: new Set([...tried.refused, ...refused]) }
}

function fail(composing: Composing, refusal: SendRefusal): void {
  composing.sending.value = { kind: 'failed', refusal }
}
