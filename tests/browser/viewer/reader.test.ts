import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shownAccount } from '../../../src/browser/viewer/shown-account.ts'
import { createReader } from '../../../src/browser/viewer/reader.ts'
import type { Reader } from '../../../src/browser/viewer/reader.ts'
import type { Answer, PortalApi, Refusal } from '../../../src/browser/viewer/portal-api.ts'
import type { Shown, showMessage } from '../../../src/browser/viewer/show-message.ts'
import type { KeptMessage } from '../../../src/browser/opener/tab-store.ts'
import type { DescribeAnswer, PasscodeAnswer } from '../../../src/core/api/messages.ts'

/** What the reader needs of a browser: a tab's history and its storage. No database: nothing is kept. */
class Tab extends EventTarget {
  readonly entries: unknown[] = [null]
  at = 0
  readonly history = {
    pushState: (state: unknown) => {
      this.entries.splice(++this.at, Infinity, state)
    },
    replaceState: (state: unknown) => {
      this.entries[this.at] = state
    },
    go: (steps: number) => this.#move(steps),
    back: () => this.#move(-1),
  }

  get state(): unknown {
    return this.entries[this.at]
  }

  #move(steps: number): void {
    this.at += steps
    this.dispatchEvent(new Event('popstate'))
  }
}

let tab: Tab
let stored: Map<string, string>
beforeEach(() => {
  tab = new Tab()
  stored = new Map()
  vi.stubGlobal('addEventListener', tab.addEventListener.bind(tab))
  const history = Object.create(tab.history, { state: { get: () => tab.state } }) as History
  vi.stubGlobal('history', history)
  vi.stubGlobal('location', { href: '/read', hash: '' })
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      postMessage = (): void => undefined
      close = (): void => undefined
    },
  )
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const message: KeptMessage = {
  ageFile: new Blob([]),
  signature: new Uint8Array(64),
  stanza: '-> zegel.v1 x\n\n',
  share: new Uint8Array(16),
}
const description = (changes: Partial<DescribeAnswer> = {}): DescribeAnswer => ({
  organisation: { id: 'e', name: 'Example', accent: '#000000', logo: '', privacyAddress: '' },
  sender: { address: 'alice@example.com', name: 'Alice' },
  external: false,
  recipients: [{ index: 0, masked: 'b•••@example.org' }],
  methods: { passcode: true, providers: [] },
  createdAtMs: 0,
  expiresAtMs: null,
  permissions: { reply: true, forward: false, print: true },
  assurance: 'mailbox',
  signedIn: false,
  ...changes,
})
const passcode: PasscodeAnswer = {
  id: 'c1',
  challenge: 'sealed',
  reference: 'K7-MX2',
  expiresAtMs: 10_000,
  masked: 'b•••@example.org',
  triesLeft: 5,
}
const session = {
  addresses: ['bob@example.org'],
  account: null,
  idleUntilMs: 1e6,
  endsAtMs: 1e6,
}
const yes = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value })
const no = (refusal: Refusal): Promise<{ ok: false; refusal: Refusal }> =>
  Promise.resolve({ ok: false, refusal })
const letter = { release: {}, mail: new Blob([]), letter: null, why: 'unreadable' }

/** Where the page has left for. */
const left: string[] = []

/** A reader before a portal of which each answer can be chosen. */
async function read(
  portal: Partial<PortalApi> = {},
  shown?: Shown,
  show: typeof showMessage = () =>
    Promise.resolve(shown ?? ({ ok: true, shown: letter } as unknown as Shown)),
): Promise<Reader> {
  const whole: PortalApi = {
    describe: () => yes(description()),
    askPasscode: () => yes(passcode),
    passcodeDelivery: () => yes({ state: 'accepted', atMs: 0 }),
    verifyPasscode: () => yes(session),
    release: () => no({ code: 'internal' }),
    session: () => yes(session),
    signOut: () => yes(null),
    countError: () => undefined,
    ...portal,
  }
  const reader = createReader({
    portal: whole,
    clock: () => 5000,
    locale: () => 'en',
    loadPasskeys: () => Promise.reject(new Error('no passkeys here')),
    prepareNext: () => undefined,
    leaveFor: path => void left.push(path),
    loadShowMessage: () => Promise.resolve(show),
  })
  await reader.start()
  await reader.takeMessage(message)
  return reader
}

describe('the steps of the reader', () => {
  it('asks how to sign in, and takes the passcode to the letter', async () => {
    const reader = await read()
    expect(reader.step.value).toEqual({ kind: 'choose', trouble: null })
    expect(await reader.wantPasscode()).toBeNull()
    expect(reader.step.value).toMatchObject({ kind: 'code', asked: { answer: passcode } })
    expect(await reader.enterPasscode('12345678')).toBeNull()
    expect(reader.step.value.kind).toBe('letter')
    expect(tab.at).toBe(0)
  })

  it('opens at once for who is signed in', async () => {
    const reader = await read({ describe: () => yes(description({ signedIn: true })) })
    expect(reader.step.value.kind).toBe('letter')
    expect(reader.session.value).toEqual(session)
  })

  it('asks which address, when there are several or none that may be shown', async () => {
    for (const recipients of [[], [0, 1].map(index => ({ index, masked: 'x•••@example.org' }))]) {
      const reader = await read({ describe: () => yes(description({ recipients })) })
      await reader.wantPasscode()
      expect(reader.step.value).toEqual({ kind: 'which' })
    }
  })

  it('goes back step by step, and forward again to the passcode that was asked for', async () => {
    const reader = await read()
    reader.chooseAddress()
    await reader.askPasscode({ index: 0 })
    reader.back()
    expect(reader.step.value.kind).toBe('which')
    reader.back()
    expect(reader.step.value.kind).toBe('choose')
    history.go(2)
    expect(reader.step.value).toMatchObject({ kind: 'code' })
  })

  it('finds the passcode step again after a reload, until the passcode ends', async () => {
    await (await read()).wantPasscode()
    expect((await read()).step.value.kind).toBe('code')
    stored.set('zegel.passcode', (stored.get('zegel.passcode') ?? '').replace('10000', '4000'))
    expect((await read()).step.value.kind).toBe('choose')
  })

  it('stays at the passcode when it is wrong', async () => {
    const reader = await read({
      verifyPasscode: () => no({ code: 'wrong-passcode', triesLeft: 4 }),
    })
    await reader.wantPasscode()
    expect(await reader.enterPasscode('00000000')).toMatchObject({ triesLeft: 4 })
    expect(reader.step.value.kind).toBe('code')
  })
})

describe('when a message is not shown', () => {
  it.each(['sign-in-required', 'not-a-recipient', 'assurance-too-low'] as const)(
    '%s leads back to the sign-in',
    async code => {
      const describeSignedIn = { describe: () => yes(description({ signedIn: true })) }
      const reader = await read(describeSignedIn, { ok: false, refusal: { code } })
      expect(reader.step.value).toEqual({ kind: 'choose', trouble: { code } })
    },
  )

  it.each(['expired', 'revoked', 'unknown-key', 'bad-envelope'] as const)(
    '%s is said, and nothing is asked',
    async code => {
      const reader = await read({ describe: () => no({ code }) })
      expect(reader.step.value).toEqual({ kind: 'trouble', trouble: { code } })
    },
  )

  it('tries the same step again', async () => {
    let tries = 0
    const reader = await read({
      describe: () => (tries++ === 0 ? no({ code: 'busy' }) : yes(description())),
    })
    expect(reader.step.value.kind).toBe('trouble')
    await reader.retry()
    expect(reader.step.value.kind).toBe('choose')
  })

  it('counts what went wrong in the page by its code, and what the portal said not at all', async () => {
    const counted: string[] = []
    const count = (code: string): void => void counted.push(code)
    const signedIn = { describe: () => yes(description({ signedIn: true })), countError: count }
    await read(signedIn, { ok: false, problem: 'bad-signature' })
    await read({ describe: () => no({ code: 'offline' }), countError: count })
    await read({ describe: () => no({ code: 'expired' }), countError: count })
    expect(counted.filter(code => code !== 'message-lost')).toEqual(['bad-signature', 'offline'])
  })
})

describe('a wait', () => {
  it('goes on by itself when the connection is back, and not twice', async () => {
    let tries = 0
    const reader = await read({
      describe: () => (tries++ === 0 ? no({ code: 'offline' }) : yes(description())),
    })
    expect(reader.step.value).toEqual({ kind: 'trouble', trouble: { code: 'offline' } })
    tab.dispatchEvent(new Event('online'))
    await expect.poll(() => reader.step.value.kind).toBe('choose')
    tab.dispatchEvent(new Event('online'))
    expect([tries, reader.step.value.kind]).toEqual([2, 'choose'])
  })

  it('can be ended while the message is opened, and begun anew', async () => {
    const stops: boolean[] = []
    const reader = await read(
      {},
      undefined,
      (_message, _portal, onStage, stopped) =>
        new Promise(resolve => {
          const end = (): void => {
            stops.push(stopped.aborted)
            onStage({ name: 'read' })
            resolve({ ok: false, problem: 'worker-failed' })
          }
          stopped.addEventListener('abort', end)
        }),
    )
    await reader.wantPasscode()
    const opening = reader.enterPasscode('12345678')
    await expect.poll(() => reader.step.value.kind).toBe('opening')
    reader.stopOpening()
    await opening
    expect(stops).toEqual([true])
    expect(reader.step.value).toEqual({ kind: 'closed', how: 'stopped' })
    await reader.signInAgain()
    expect(reader.step.value.kind).toBe('code')
  })
})

describe('when a message is closed', () => {
  it('signs out and holds nothing any more', async () => {
    const reader = await read({ describe: () => yes(description({ signedIn: true })) })
    await reader.close('signed-out')
    expect(reader.step.value).toEqual({ kind: 'closed', how: 'signed-out' })
    expect(reader.session.value).toBeNull()
    await reader.signInAgain()
    expect(reader.step.value).toEqual({ kind: 'pick', reason: 'message-lost' })
  })

  it('says so when the portal could not be told', async () => {
    const reader = await read({ signOut: () => no({ code: 'offline' }) })
    await reader.close('signed-out')
    expect(reader.step.value).toEqual({ kind: 'closed', how: 'sign-out-failed' })
  })

  it('keeps the envelope when the session ends by itself, for signing in again', async () => {
    const reader = await read()
    await reader.close('session-ended')
    expect(reader.step.value).toEqual({ kind: 'closed', how: 'session-ended' })
    await reader.signInAgain()
    expect(reader.step.value.kind).toBe('choose')
  })
})

describe('an account that waits to be associated', () => {
  const waiting = { provider: 'microsoft', id: 'shown-account-id' }
  const account = { ...waiting, label: 'bob@outlook.com', vouched: false }
  const signedIn = { ...session, account }

  it('is the one that was shown, by its name, also after a reload', async () => {
    tab.entries[0] = { step: 'associate', depth: 0, account: waiting }
    const asked: unknown[] = []
    const reader = await read({
      session: () => yes(signedIn),
      verifyPasscode: request => {
        asked.push(request.associate)
        return yes(signedIn)
      },
    })
    expect(reader.step.value).toEqual({ kind: 'associate', account: waiting })
    expect(shownAccount(reader.session.value, waiting)).toEqual(account)
    expect(shownAccount(reader.session.value, { ...waiting, id: 'another' })).toBeNull()
    await reader.wantPasscode()
    await reader.enterPasscode('12345678')
    expect(asked).toEqual(['shown-account-id'])
  })

  it('leads to the choice when another account is signed in by then, and waits no more', async () => {
    tab.entries[0] = { step: 'associate', depth: 0, account: waiting }
    const asked: unknown[] = []
    const reader = await read({
      session: () => yes({ ...signedIn, account: { ...account, id: 'another' } }),
      verifyPasscode: request => {
        asked.push(request.associate)
        return no({ code: 'account-changed' })
      },
    })
    await reader.wantPasscode()
    expect(await reader.enterPasscode('12345678')).toBeNull()
    expect(reader.step.value).toEqual({ kind: 'choose', trouble: { code: 'account-changed' } })
    await reader.wantPasscode()
    await reader.enterPasscode('12345678')
    expect(asked).toEqual(['shown-account-id', undefined])
  })
})

describe('coming back from a provider', () => {
  const kept = { describe: () => yes(description()) }

  it('leaves for the provider with what the person said about this computer', async () => {
    const reader = await read(kept)
    reader.privateComputer.value = true
    await reader.signInWith('google', 'usual')
    expect(left.at(-1)).toBe('/auth/google/start?organisation=e&private=1&prompt=usual&page=read')
  })

  it('names a provider as its button does, and an unknown one by its id', async () => {
    const google = {
      id: 'google',
      kind: 'google',
      name: 'Google',
      logo: '',
      suggested: true,
      canCreate: false,
    } as const
    const methods = { passcode: true, providers: [google] }
    const reader = await read({ describe: () => yes(description({ methods })) })
    expect(reader.providerName('google')).toBe('Google')
    expect(reader.providerName('gone')).toBe('gone')
  })

  it('says that a passkey cannot be asked for when its part does not load', async () => {
    const reader = await read(kept)
    expect(await reader.usePasskey()).toEqual({ code: 'offline' })
    expect(reader.step.value.kind).toBe('choose')
  })
})
