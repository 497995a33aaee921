import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Brought } from '../../../src/browser/opener/brought.ts'
import { beginPosted } from '../../../src/browser/viewer/begin-posted.ts'
import type { PortalApi } from '../../../src/browser/viewer/portal-api.ts'
import { createReader } from '../../../src/browser/viewer/reader.ts'
import { newReading } from '../../../src/browser/viewer/reading.ts'
import type { ReaderNeeds } from '../../../src/browser/viewer/reading.ts'
import type { DescribeAnswer } from '../../../src/core/api/messages.ts'

const stored = new Map<string, string>()
const addresses: string[] = []
const asked: string[] = []
beforeEach(() => {
  for (const list of [addresses, asked]) list.length = 0
  stored.clear()
  const storage = { getItem: (key: string) => stored.get(key) ?? null }
  vi.stubGlobal('localStorage', storage)
  vi.stubGlobal('sessionStorage', storage) // no database: nothing is kept
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('location', { href: '/open#share', hash: '#share' })
  vi.stubGlobal('history', {
    state: null,
    pushState: () => asked.push(`step at ${addresses.at(-1) ?? '/open'}`),
    replaceState: (_state: unknown, _title: string, path: string) => addresses.push(path),
  })
})
afterEach(() => vi.unstubAllGlobals())

const description: DescribeAnswer = {
  organisation: { id: 'e', name: 'Example', accent: '#000000', logo: '', privacyAddress: '' },
  sender: { address: 'alice@example.com', name: 'Alice' },
  external: false,
  recipients: [],
  methods: { passcode: true, providers: [] },
  createdAtMs: 0,
  expiresAtMs: null,
  permissions: { reply: true, forward: false, print: true },
  assurance: 'mailbox',
  signedIn: false,
}
const brought: Brought = {
  ok: true,
  message: {
    ageFile: new Blob([]),
    signature: new Uint8Array(64),
    stanza: '-> zegel.v1 x\n\n',
    share: new Uint8Array(16),
  },
}
const needs = {
  clock: () => 0,
  locale: () => 'en',
  leaveFor: (path: string) => void asked.push(path),
  portal: {
    describe: async () => {
      asked.push('describe')
      return { ok: true, value: description }
    },
  } as Partial<PortalApi> as PortalApi,
} as ReaderNeeds

/** A message whose rest comes when it is told to. */
function slow() {
  let arrive: (what: Brought) => void = () => undefined
  const posted = { description, brought: new Promise<Brought>(resolve => (arrive = resolve)) }
  return { posted, arrive }
}

describe('a message that comes with its page', () => {
  it('is described before the rest of it has come, and nothing is asked for', async () => {
    const { posted, arrive } = slow()
    const reading = newReading(needs)
    const begun = beginPosted(reading, posted)
    expect(reading.step.value).toEqual({ kind: 'choose', trouble: null })
    expect(reading.message).toBeNull()
    arrive(brought)
    await begun
    expect(reading.message).not.toBeNull()
    expect(asked).toEqual([])
  })

  it('takes the share out of the address when all of it is there', async () => {
    const { posted, arrive } = slow()
    const begun = beginPosted(newReading(needs), posted)
    expect(addresses).toEqual([])
    arrive(brought)
    await begun
    expect(addresses).toEqual(['/read#memory']) // this browser keeps nothing
  })

  it('lets nobody go on before: neither to a provider nor to a step that Back would find', async () => {
    const { posted, arrive } = slow()
    const reader = createReader(needs)
    vi.stubGlobal('BroadcastChannel', undefined)
    const begun = reader.start(posted)
    const left = reader.signInWith('google', 'usual')
    const chosen = reader.wantPasscode()
    await Promise.resolve()
    expect(asked).toEqual([])
    arrive(brought)
    await Promise.all([begun, left, chosen])
    expect(asked[0]).toMatch(/^\/auth\/google/)
    expect(asked[1]).toBe('step at /read#memory')
    expect(reader.step.value).toEqual({ kind: 'which' })
  })

  it('is asked about where somebody signed in before: the post brought no session along', async () => {
    stored.set('zegel.way', 'passcode')
    const { posted, arrive } = slow()
    const reading = newReading(needs)
    const begun = beginPosted(reading, posted)
    expect(reading.step.value.kind).toBe('loading')
    arrive(brought)
    await begun
    expect(asked).toEqual(['describe'])
  })

  it.each(['damaged-message', 'share-missing', 'message-lost'] as const)(
    'that is no whole message (%s) makes the page ask for the file, whatever was pressed',
    async reason => {
      const { posted, arrive } = slow()
      const reader = createReader(needs)
      vi.stubGlobal('BroadcastChannel', undefined)
      const begun = reader.start(posted)
      const chosen = reader.wantPasscode()
      const left = reader.signInWith('google', 'usual')
      arrive({ ok: false, reason })
      await Promise.all([begun, left])
      expect(await chosen).toBeNull()
      expect(asked).toEqual([]) // nor left for the provider
      expect(reader.step.value).toEqual({ kind: 'pick', reason })
    },
  )

  it('that is no whole message, and the file that is then picked: a reload does not post it anew', async () => {
    const { posted, arrive } = slow()
    const reader = createReader(needs)
    vi.stubGlobal('BroadcastChannel', undefined)
    const begun = reader.start(posted)
    arrive({ ok: false, reason: 'message-lost' })
    await begun
    if (brought.ok) await reader.takeMessage(brought.message)
    expect(addresses).toEqual(['/read#memory'])
  })

  it('is not kept after another tab has signed out meanwhile', async () => {
    const { posted, arrive } = slow()
    const reading = newReading(needs)
    const begun = beginPosted(reading, posted)
    reading.step.value = { kind: 'closed', how: 'signed-out' }
    arrive(brought)
    await begun
    expect(reading.message).toBeNull()
    expect(addresses).toEqual([])
    expect(reading.step.value.kind).toBe('closed')
  })
})
