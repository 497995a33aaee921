import { generateHybridIdentity, identityToRecipient } from 'age-encryption'
import { beginComposer } from '../../../src/browser/composer/begin-composer.ts'
import type { Composer, Keeping } from '../../../src/browser/composer/composer.ts'
import type { ComposerNeeds } from '../../../src/browser/composer/composing.ts'
import type { DraftStore } from '../../../src/browser/composer/drafts/draft-store.ts'
import type { KeptDraft } from '../../../src/browser/composer/drafts/kept-draft.ts'
import { newId } from '../../../src/browser/composer/new-id.ts'
import { sealStream } from '../../../src/browser/composer/sealing/seal-stream.ts'
import type { SendAnswer } from '../../../src/browser/composer/send-reply.ts'
import type { Attachment, Letter } from '../../../src/browser/viewer/letter/letter.ts'
import { readMailboxes } from '../../../src/browser/viewer/mail/addresses.ts'
import type { ReleaseAnswer } from '../../../src/core/api/messages.ts'
import { writeReplyHead } from '../../../src/core/reply/reply-head.ts'
import type { ReplyHead } from '../../../src/core/reply/reply-head.ts'

const recipient = await identityToRecipient(await generateHybridIdentity())

export const file = (name: string, size = 10, type = 'text/plain'): File =>
  new File([new Uint8Array(size)], name, { type })
const attachment = {
  inline: false,
  name: 'offer.pdf',
  type: 'application/pdf',
  bytes: file('x', 99),
}
const letter = {
  subject: 'Offer',
  from: readMailboxes('alice@example.com'),
  replyTo: [],
  to: readMailboxes('Bob Bakker <bob@example.org>'),
  cc: readMailboxes('carol@example.net'),
  dateMs: 0,
  sections: [{ html: null, text: 'old' }],
  inline: new Map(),
  attachments: [attachment as unknown as Attachment],
} as unknown as Letter
const messageId = newId()

/** What a tab keeps; `answers` how it does. */
export class Kept implements DraftStore {
  draft: KeptDraft | null = null
  readonly files = new Map<string, Blob>()
  answers: Keeping = 'kept'
  load = async () => (this.draft === null ? null : { kept: this.draft, bytes: this.files })
  save = async (kept: KeptDraft) => {
    if (this.answers === 'kept') this.draft = kept
    return this.answers
  }
  saveAtOnce = () => undefined
  saveFile = async (id: string, bytes: Blob) => {
    if (this.answers === 'kept') this.files.set(id, bytes)
    return this.answers
  }
  removeFile = async (id: string) => void this.files.delete(id)
  clear = async () => {
    this.draft = null
    this.files.clear()
  }
}

const sent: SendAnswer = { ok: true }
export const refused = (
  code: 'recipient-refused' | 'replies-unavailable',
  mayHaveArrived: boolean,
): SendAnswer => ({
  ok: false,
  refusal: { code },
  mayHaveArrived,
})

/** What a composer needs in a tab that keeps so, where the portal gives these answers, then takes all. */
export function tab(
  store: Kept,
  answers: SendAnswer[] = [],
  changes: Partial<ComposerNeeds> = {},
): {
  readonly begin: (kind?: Parameters<typeof beginComposer>[1]) => Promise<Composer>
  /** Of what was sealed. */
  readonly heads: readonly ReplyHead[]
  readonly needs: ComposerNeeds
} {
  const heads: ReplyHead[] = []
  const needs: ComposerNeeds = {
    release: {
      recipient: 'bob@example.org',
      sender: { address: 'alice@example.com', name: 'Alice' },
      createdAtMs: 0,
      permissions: { reply: true, forward: true, print: true },
    } as unknown as ReleaseAnswer,
    offer: {
      recipient,
      messageId,
      conversationId: newId(),
      maxBytes: 200_000,
      participants: ['alice@example.com', 'bob@example.org', 'carol@example.net'],
      inside: ['alice@example.com'],
    },
    letter,
    mail: new Blob(['Message-ID: <a@x>\r\n\r\nold']),
    stanza: '-> zegel.v1 x\n',
    own: [],
    store,
    async seal({ head, ...rest }, onProgress) {
      heads.push(head)
      const stream = await sealStream({ ...rest, head: writeReplyHead(head) }, done =>
        onProgress(done, 1),
      )
      return new Response(stream).blob()
    },
    send: async () => answers.shift() ?? sent,
    words: () => ({
      attribution: (_date, sender) => `${sender} wrote:`,
      forwarded: 'Forwarded',
      field: (name, value) => `${name}: ${value}`,
      moment: String,
    }),
    locale: () => 'en',
    clean: html => ({ html, text: html }),
    ...changes,
  }
  const begin = async (kind: Parameters<typeof beginComposer>[1] = 'reply'): Promise<Composer> => {
    const begun = await beginComposer(needs, kind)
    if (begun === null) throw new Error('nothing begun')
    return begun
  }
  return { begin, heads, needs }
}
