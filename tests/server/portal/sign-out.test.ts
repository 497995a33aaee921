import { describe, expect, it } from 'vitest'
import { BOB, sealHere } from '../keys/installation.ts'
import {
  accountPortal,
  atProvider,
  comeBack,
  signInWithAccount,
  startSignIn,
} from './support/account-portal.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode, signIn } from './support/sign-in.ts'
import { visitor } from './support/visitor.ts'

const BOB_AT_WORK = { email: BOB, kind: 'work' }
const SIGN_OUT = { method: 'DELETE', headers: { origin: 'https://mail.example.com' } }

describe('threat: signed out, with a sign-in under way in another tab', () => {
  it('what comes back from a provider signs nobody in any more', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const callback = await atProvider(await startSignIn(bob), BOB_AT_WORK)
    expect((await bob.ask('/api/session', SIGN_OUT)).status).toBe(204)
    expect([...bob.cookies.keys()]).toEqual([])
    expect((await comeBack(bob, callback)).result).toBe('stale')
    expect((await bob.ask('/api/session')).status).toBe(401)
  })

  it('nor does a passcode that was asked for before', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const { challenge } = await askPasscode(bob, message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    expect((await bob.ask('/api/session', SIGN_OUT)).status).toBe(204)
    const json = { challenge, code, privateComputer: false }
    expect((await bob.ask('/api/passcodes/verify', { json })).status).toBe(410)
  })
})

describe('threat: stolen cookie after sign-out', () => {
  it('also when the thief has signed in with it as well, as somebody else', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const thief = visitor(test.portal)
    thief.cookies.set('__Host-zegel-session', bob.cookies.get('__Host-zegel-session') ?? '')
    const own = { email: 'mallory@gmail.com', kind: 'gmail' }
    await signInWithAccount(thief, own, { provider: 'google' })
    expect((await thief.ask('/api/session')).status).toBe(200)
    expect((await bob.ask('/api/session', SIGN_OUT)).status).toBe(204)
    expect((await thief.ask('/api/session')).status).toBe(401)
    await signIn(test, bob, message.stanza, BOB)
    expect((await bob.ask('/api/session')).status).toBe(200)
    expect((await thief.ask('/api/session')).status).toBe(401)
  })
})
