import { generateHybridIdentity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
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
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import type { ReleaseAnswer } from '../../../src/core/api/messages.ts'
import { writeReplyHead } from '../../../src/core/reply/reply-head.ts'
import type { ReplyHead } from '../../../src/core/reply/reply-head.ts'

let recipient: string
beforeAll(async () => {
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
  recipient = await identityToRecipient(await generateHybridIdentity())
})
afterAll(() => vi.unstubAllGlobals())

const file = (name: string, size = 10, type = 'text/plain'): File =>
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
class Kept implements DraftStore {
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
const refused = (
  code: 'recipient-refused' | 'replies-unavailable',
  mayHaveArrived: boolean,
): SendAnswer => ({
  ok: false,
  refusal: { code },
  mayHaveArrived,
})

function tab(store: Kept, answers: SendAnswer[] = [], changes: Partial<ComposerNeeds> = {}) {
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

describe('an answer', () => {
  it('begins with addresses, subject and the reader’s name, and is kept only once something is written', async () => {
    const store = new Kept()
    const composer = await tab(store).begin('reply-all')
    expect(composer.draft.value).toMatchObject({
      to: [{ address: 'alice@example.com' }],
      cc: [{ address: 'carol@example.net' }],
      subject: 'Re: Offer',
      writerName: 'Bob Bakker',
    })
    await composer.end()
    expect(store.draft).toBeNull()
  })

  it('is found again as it was left, files too', async () => {
    const store = new Kept()
    const first = await tab(store).begin()
    first.change({
      written: 'half',
      cc: [{ address: parseAddress('carol@example.net') as Address, name: '' }],
    })
    await first.addFiles([file('a.txt')])
    await first.end()
    const again = await tab(store).begin()
    expect(again.isRestored).toBe(true)
    expect(again.draft.value).toEqual(first.draft.value)
    expect(await again.draft.value.files[0]?.bytes.arrayBuffer()).toEqual(new ArrayBuffer(10))
  })

  it('says which files could not be found again', async () => {
    const store = new Kept()
    const first = await tab(store).begin()
    await first.addFiles([file('a.txt'), file('b.txt')])
    await first.end()
    store.files.delete(first.draft.value.files[0]?.id ?? '')
    const again = await tab(store).begin()
    expect(again.lost).toEqual(['a.txt'])
    expect(again.draft.value.files.map(({ name }) => name)).toEqual(['b.txt'])
  })

  it('of somebody else in the same tab is shown to nobody', async () => {
    const store = new Kept()
    const first = await tab(store).begin()
    first.change({ written: 'secret' })
    await first.end()
    const { needs } = tab(store)
    const other = { ...needs, release: { ...needs.release, recipient: 'carol@example.net' } }
    expect(await beginComposer(other, null)).toBeNull()
    const begun = await beginComposer(other, 'reply')
    expect(begun?.draft.value.written).toBe('')
    expect(store.draft).toBeNull()
  })

  it('says that nothing, or no more, is kept, and goes on in memory', async () => {
    const store = new Kept()
    const composer = await tab(store).begin()
    store.answers = 'full'
    await composer.addFiles([file('a.txt')])
    expect(composer.keeping.value).toBe('full')
    store.answers = 'kept'
    composer.change({ written: 'x' })
    await expect.poll(() => store.draft).not.toBeNull()
    expect(composer.keeping.value).toBe('full')
    await composer.send()
    expect(composer.sending.value).toEqual({ kind: 'sent' })
  })

  it('says so no longer once the file that was not kept is taken away', async () => {
    const store = new Kept()
    const composer = await tab(store).begin()
    store.answers = 'full'
    await composer.addFiles([file('a.txt')])
    store.answers = 'kept'
    composer.removeFile(composer.draft.value.files[0]?.id ?? '')
    await expect.poll(() => composer.keeping.value).toBe('kept')
    await composer.end()
  })

  it('that was only found again does not overwrite what is written meanwhile', async () => {
    const store = new Kept()
    const first = await tab(store).begin()
    first.change({ written: 'old' })
    await first.end()
    const found = await beginComposer(tab(store).needs, null)
    const again = await tab(store).begin()
    again.change({ written: 'new' })
    await again.end()
    await found?.end()
    expect(store.draft?.draft.written).toBe('new')
  })

  it('does not read a file that cannot fit', async () => {
    const composer = await tab(new Kept()).begin()
    const film = Object.assign(file('film', 0), { arrayBuffer: vi.fn<() => never>() })
    Object.defineProperty(film, 'size', { value: 5_000_000_000 })
    await composer.addFiles([film])
    expect(composer.refused.value).toEqual([{ name: 'film', why: 'too-large' }])
    expect(film.arrayBuffer).not.toHaveBeenCalled()
  })

  it('has room again for what was taken out of its text', async () => {
    const composer = await tab(new Kept()).begin()
    const png = new Blob([
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      new Uint8Array(1e5),
    ])
    const before = composer.room().used
    const picture = await composer.addPicture(png, 'shot.png')
    composer.change({ written: `<img src="cid:${picture?.contentId}">` })
    expect(composer.room().used).toBeGreaterThan(before + 1e5)
    composer.change({ written: '' })
    expect(composer.room().used).toBe(before)
  })

  it('refuses what makes it too large, too many or cannot be read, and keeps the rest', async () => {
    const composer = await tab(new Kept()).begin()
    const folder = Object.assign(file('folder'), {
      arrayBuffer: () => Promise.reject(new Error('folder')),
    })
    await composer.addFiles([file('large.bin', 300_000), folder, file('../..\\good\u202e.txt')])
    expect(composer.refused.value).toEqual([
      { name: 'large.bin', why: 'too-large' },
      { name: 'folder', why: 'unreadable' },
    ])
    expect(composer.draft.value.files.map(({ name }) => name)).toEqual(['good.txt'])
    expect(composer.room().used).toBeLessThan(composer.room().max)
  })

  it('takes a file that is no picture along as a file, where a picture was asked for', async () => {
    const composer = await tab(new Kept()).begin()
    const drawing = file('x.svg', 10, 'image/svg+xml')
    expect(await composer.addPicture(drawing, 'x.svg')).toBeNull()
    expect(composer.refused.value).toEqual([])
    expect(composer.draft.value.files).toMatchObject([
      { name: 'x.svg', type: 'image/svg+xml', contentId: null },
    ])
  })

  it('becomes a forwarded letter with its files, and an answer again without them', async () => {
    const composer = await tab(new Kept()).begin()
    composer.answerAs('forward')
    await expect
      .poll(() => composer.draft.value.files.map(({ name }) => name))
      .toEqual(['offer.pdf'])
    expect(composer.draft.value).toMatchObject({ to: [], subject: 'Fwd: Offer' })
    composer.removeFile(composer.draft.value.files[0]?.id ?? '')
    await composer.addOriginal(0)
    await composer.addOriginal(0)
    expect(composer.draft.value.files.map(({ name }) => name)).toEqual(['offer.pdf'])
    composer.answerAs('reply')
    expect(composer.draft.value).toMatchObject({
      files: [],
      to: [{ address: 'alice@example.com' }],
    })
  })
})

describe('sending', () => {
  it('deletes the draft only when it was delivered', async () => {
    const store = new Kept()
    const { begin } = tab(store, [refused('recipient-refused', false)])
    const composer = await begin()
    composer.change({ written: 'words' })
    await composer.send()
    expect(composer.sending.value).toMatchObject({
      kind: 'failed',
      refusal: { code: 'recipient-refused' },
    })
    expect(store.draft?.draft.written).toBe('words')
    await composer.send()
    expect(composer.sending.value).toEqual({ kind: 'sent' })
    expect(store.draft).toBeNull()
    composer.change({ written: 'more' })
    expect(composer.draft.value.written).toBe('words')
  })

  it('keeps the submission for the same draft, also after a reload, and takes another for a changed one', async () => {
    const store = new Kept()
    const away = refused('replies-unavailable', true)
    const first = tab(store, [away, away])
    const composer = await first.begin()
    composer.change({ written: 'words' })
    await composer.send()
    await composer.send()
    await composer.end()
    const second = tab(store, [away])
    const again = await second.begin()
    await again.send()
    const ids = [...first.heads, ...second.heads].map(({ submissionId }) => submissionId)
    expect(new Set(ids).size).toBe(1)
    again.change({ written: 'other words' })
    await again.send()
    expect(second.heads.at(-1)?.submissionId).not.toBe(ids[0])
  })

  it('of a tab and of its copy are two submissions', async () => {
    const store = new Kept()
    const first = tab(store)
    const composer = await first.begin()
    composer.change({ written: 'words' })
    await composer.end()
    const [original, copy] = [await first.begin(), await first.begin()]
    copy.change({ written: 'other words' })
    await original.send()
    await copy.send()
    const ids = first.heads.map(({ submissionId }) => submissionId)
    expect(new Set(ids).size).toBe(2)
  })

  it('leaves a picture behind that is not in the text any more, or that plain text does not show', async () => {
    const { begin, heads } = tab(new Kept(), [refused('replies-unavailable', true)])
    const composer = await begin()
    const png = new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)])
    const [shown, removed] = [await composer.addPicture(png), await composer.addPicture(png)]
    composer.change({ written: `<img src="cid:${shown?.contentId}">` })
    await composer.send()
    composer.change({ format: 'text', written: 'plain' })
    await composer.send()
    expect(heads.map(({ parts }) => parts.map(({ role }) => role))).toEqual([
      ['text', 'html', 'inline'],
      ['text'],
    ])
    expect(removed).not.toBeNull()
  })

  it('needs somebody to write to', async () => {
    const composer = await tab(new Kept()).begin('forward')
    await composer.send()
    expect(composer.sending.value).toMatchObject({ refusal: { code: 'no-recipients' } })
  })

  it('says so when this browser cannot seal, and sends nothing', async () => {
    const send = vi.fn<ComposerNeeds['send']>()
    const failing: ComposerNeeds['seal'] = (_, onProgress) => {
      onProgress(0, 1)
      return Promise.reject(new Error('no memory'))
    }
    const composer = await tab(new Kept(), [], { seal: failing, send }).begin()
    await composer.send()
    expect(composer.sending.value).toMatchObject({ refusal: { code: 'not-sealed' } })
    const missing: ComposerNeeds['seal'] = () => Promise.reject(new Error('not loaded'))
    const away = await tab(new Kept(), [], { seal: missing, send }).begin()
    await away.send()
    expect(away.sending.value).toMatchObject({ refusal: { code: 'offline' } })
    expect(send).not.toHaveBeenCalled()
  })

  it('stopped while it is sealed is being written again', async () => {
    let finish: (sealed: Blob) => void = () => undefined
    const seal = (): Promise<Blob> => new Promise(resolve => (finish = resolve))
    const composer = await tab(new Kept(), [], { seal }).begin()
    const sending = composer.send()
    await expect.poll(() => composer.sending.value.kind).toBe('sealing')
    composer.change({ written: 'not now' })
    composer.stop()
    finish(new Blob(['x']))
    await sending
    expect(composer.sending.value).toEqual({ kind: 'writing' })
    expect(composer.draft.value.written).toBe('')
  })

  it('thrown away leaves nothing', async () => {
    const store = new Kept()
    const composer = await tab(store).begin()
    await composer.addFiles([file('a.txt')])
    await composer.discard()
    expect([store.draft, store.files.size]).toEqual([null, 0])
    await composer.end()
    expect(store.draft).toBeNull()
  })
})
