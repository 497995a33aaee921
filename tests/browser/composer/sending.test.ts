import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { beginComposer } from '../../../src/browser/composer/begin-composer.ts'
import type { ComposerNeeds } from '../../../src/browser/composer/composing.ts'
import type { SendAnswer } from '../../../src/browser/composer/send-reply.ts'
import { file, Kept, refused, tab } from './composer-tab.ts'

beforeAll(() => {
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
})
afterAll(() => vi.unstubAllGlobals())

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

  it('may have arrived until it did, whatever is tried or written then, also after a reload', async () => {
    const store = new Kept()
    const { begin, needs } = tab(store, [
      { ok: false, refusal: { code: 'stopped' }, mayHaveArrived: true },
      refused('recipient-refused', false),
    ])
    let isSealed = true
    const seal: ComposerNeeds['seal'] = (...all) =>
      isSealed ? needs.seal(...all) : Promise.reject(new Error('no connection'))
    const composer = (await beginComposer({ ...needs, seal }, 'reply')) ?? (await begin())
    composer.change({ written: 'words' })
    await composer.send()
    expect(composer.sending.value).toMatchObject({ refusal: { code: 'stopped' } })
    expect(composer.mayHaveArrived.value).toBe(true)
    isSealed = false
    await composer.send()
    expect(composer.sending.value).toMatchObject({ refusal: { code: 'offline' } })
    expect(composer.mayHaveArrived.value).toBe(true)
    isSealed = true
    await composer.send()
    composer.change({ written: 'other words' })
    expect(composer.sending.value).toEqual({ kind: 'writing' })
    expect(composer.mayHaveArrived.value).toBe(true)
    await composer.end()
    expect((await tab(store).begin()).mayHaveArrived.value).toBe(true)
  })

  it('that was refused for certain has not arrived, also after a reload', async () => {
    const store = new Kept()
    const composer = await tab(store, [refused('recipient-refused', false)]).begin()
    composer.change({ written: 'words' })
    await composer.send()
    expect(composer.mayHaveArrived.value).toBe(false)
    await composer.end()
    expect((await tab(store).begin()).mayHaveArrived.value).toBe(false)
  })

  it('is the same submission when a change is taken back, or only people who were refused are taken away', async () => {
    const away: SendAnswer = {
      ok: false,
      refusal: { code: 'recipient-refused', recipients: [1] },
      mayHaveArrived: false,
    }
    const again = refused('replies-unavailable', true)
    const { begin, heads } = tab(new Kept(), [away, again, again, again])
    const composer = await begin('reply-all')
    const { cc } = composer.draft.value
    composer.change({ written: 'words' })
    await composer.send()
    composer.change({ written: 'other words' })
    composer.change({ written: 'words' })
    composer.change({ cc: [] })
    await composer.send()
    composer.change({ subject: 'x' })
    composer.change({ subject: 'Re: Offer' })
    await composer.send()
    composer.change({ cc })
    await composer.send()
    const [first, ...others] = heads.map(({ submissionId }) => submissionId)
    expect(others.map(one => one === first)).toEqual([true, true, false])
  })

  it('waits for files that are being copied', async () => {
    const { begin, heads } = tab(new Kept())
    const composer = await begin()
    let copied: (bytes: ArrayBuffer) => void = () => undefined
    const slow = Object.assign(file('slow.txt'), {
      arrayBuffer: () => new Promise<ArrayBuffer>(resolve => (copied = resolve)),
    })
    const adding = composer.addFiles([slow, file('b.txt')])
    const sending = composer.send()
    copied(new ArrayBuffer(10))
    await Promise.all([adding, sending])
    expect(heads[0]?.parts).toMatchObject([
      { role: 'text' },
      { role: 'html' },
      { name: 'slow.txt' },
      { name: 'b.txt' },
    ])
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
