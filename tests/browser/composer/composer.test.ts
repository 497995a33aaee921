import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { beginComposer } from '../../../src/browser/composer/begin-composer.ts'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import { file, Kept, tab } from './composer-tab.ts'

beforeAll(() => {
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
})
afterAll(() => vi.unstubAllGlobals())

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
