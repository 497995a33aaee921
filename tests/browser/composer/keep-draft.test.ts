import { afterAll, expect, it, vi } from 'vitest'
import { newComposing } from '../../../src/browser/composer/composing.ts'
import type { ComposerNeeds } from '../../../src/browser/composer/composing.ts'
import type { Draft } from '../../../src/browser/composer/draft.ts'
import type { DraftStore } from '../../../src/browser/composer/drafts/draft-store.ts'
import type { KeptDraft } from '../../../src/browser/composer/drafts/kept-draft.ts'
import { saveOnLeaving, setDraft } from '../../../src/browser/composer/keep-draft.ts'

const page = new EventTarget()
vi.stubGlobal('document', new EventTarget())
vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
afterAll(() => vi.unstubAllGlobals())

it('a draft is kept at once when the page goes, if it was changed and is not over', async () => {
  const words: string[] = []
  const store: Partial<DraftStore> = {
    save: async () => 'kept',
    saveAtOnce: (kept: KeptDraft) => void words.push(kept.draft.written),
  }
  const needs = { store, offer: {}, release: {} } as unknown as ComposerNeeds
  const draft = { written: '', files: [] } as unknown as Draft
  const composing = newComposing(needs, draft, null, { inReplyTo: null, references: [] })
  const stop = saveOnLeaving(composing)
  const leave = (how: string): boolean => page.dispatchEvent(new Event(how))
  leave('beforeunload')
  expect(words).toEqual([])
  setDraft(composing, { ...draft, written: 'typed last' })
  leave('beforeunload')
  leave('pagehide')
  expect(words).toEqual(['typed last', 'typed last'])
  composing.isOver = true
  leave('pagehide')
  stop()
  composing.isOver = false
  leave('pagehide')
  expect(words).toHaveLength(2)
})
