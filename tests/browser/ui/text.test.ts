import { beforeEach, describe, expect, it, vi } from 'vitest'
import type * as TextModule from '../../../src/browser/ui/text.ts'

type Sentences = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Loads that wait for the test: which sentences arrive last is what it is about. */
const loads = new Map<string, (() => void)[]>()
const arrive = (name: string): void => loads.get(name)?.forEach(resolve => resolve())
const bodyOf = (tag: string, page: string): Sentences => ({
  frame: { loading: `loading ${tag}` },
  ...(page === 'attached' ? { attached: { downloadAll: `all ${tag}` } } : {}),
})
vi.mock('virtual:zegel-locales', () => ({
  locales: [
    ['en', 'English'],
    ['nl', 'Nederlands'],
  ],
  loadLocale: (tag: string, page: string) =>
    new Promise<Sentences>(resolve => {
      const name = `${tag}/${page}`
      loads.set(name, [...(loads.get(name) ?? []), () => resolve(bodyOf(tag, page))])
    }),
}))

vi.stubGlobal('document', { documentElement: {} })
const kept = new Map<string, string>()
const storage = {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
}
const address = { href: '' }
vi.stubGlobal('location', address)
vi.stubGlobal('localStorage', storage)
vi.stubGlobal('history', {
  state: null,
  replaceState: (_state: unknown, _title: string, url: URL) => (address.href = url.href),
})
const load = async (): Promise<typeof TextModule> => {
  vi.resetModules()
  return import('../../../src/browser/ui/text.ts')
}

/** Everything that is asked for arrives, in the order in which it was asked for. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    for (const name of loads.keys()) arrive(name)
    await new Promise(resolve => setTimeout(resolve, 0))
  }
}

beforeEach(() => {
  loads.clear()
  kept.clear()
  address.href = 'https://portal.example/open#share'
  vi.stubGlobal('localStorage', storage)
})

describe('the sentences of a page', () => {
  it('are all there when a part asks for its own while another language loads', async () => {
    const { addText, chooseLanguage, startText, text } = await load()
    const started = startText('en', 'read')
    await settle()
    await started
    const chosen = chooseLanguage('nl')
    const added = addText('attached')
    arrive('nl/attached')
    await settle()
    await Promise.all([chosen, added])
    expect(text('frame.loading')).toBe('loading nl')
    expect(text('attached.downloadAll')).toBe('all nl')
  })

  it('are in the language that was chosen last, whichever arrives last', async () => {
    const { addText, chooseLanguage, startText, locale, text } = await load()
    const started = startText('en', 'read')
    await settle()
    await started
    const added = addText('attached')
    const chosen = chooseLanguage('nl')
    await settle()
    await Promise.all([added, chosen])
    expect([locale.value, text('frame.loading'), text('attached.downloadAll')]).toEqual([
      'nl',
      'loading nl',
      'all nl',
    ])
  })

  it('are there for everyone who waited for them', async () => {
    const { addText, startText, text } = await load()
    const started = startText('en', 'read')
    await settle()
    await started
    const said = [addText('attached'), addText('attached')].map(async added => {
      await added
      return text('attached.downloadAll')
    })
    await settle()
    expect(await Promise.all(said)).toEqual(['all en', 'all en'])
  })
})

describe('the language of a page', () => {
  const spoken = async (proposed: string): Promise<string> => {
    const { locale, startText } = await load()
    const started = startText(proposed, 'read')
    await settle()
    await started
    return locale.value
  }

  it('is what was chosen here before, else what the portal proposes, else English', async () => {
    expect(await spoken('nl')).toBe('nl')
    expect(await spoken('xx')).toBe('en')
    kept.set('zegel.locale', 'nl')
    expect(await spoken('en')).toBe('nl')
    kept.set('zegel.locale', 'xx')
    expect(await spoken('en')).toBe('en')
  })

  it('is the one in the address, which was chosen on the page before: remembered, then taken away', async () => {
    kept.set('zegel.locale', 'en')
    address.href = 'https://portal.example/open?lang=nl&x=1#share'
    expect(await spoken('en')).toBe('nl')
    expect(address.href).toBe('https://portal.example/open?x=1#share')
    expect(await spoken('en')).toBe('nl')
  })

  it('stays in the address where nothing can be remembered, and an unknown one counts for nothing', async () => {
    vi.stubGlobal('localStorage', undefined)
    address.href = 'https://portal.example/open?lang=nl#share'
    expect(await spoken('en')).toBe('nl')
    expect(address.href).toContain('lang=nl')
    address.href = 'https://portal.example/open?lang=xx#share'
    expect(await spoken('en')).toBe('en')
  })
})
