import { passkeyCreation, passkeyQuestion, passkeysAnswer } from '../../core/api/passkeys.ts'
import type { PasskeysAnswer } from '../../core/api/passkeys.ts'
import { sessionView } from '../../core/api/answers.ts'
import type { SessionView } from '../../core/api/messages.ts'
import { sessionHere } from '../viewer/device-clock.ts'
import { anything, ask, jsonRequest } from '../viewer/portal-request.ts'
import type { Answer, Refusal } from '../viewer/portal-request.ts'
import { askForPasskey, createPasskey } from './authenticator.ts'

/** `cancelled`: the person closed the browser's dialogue. `exists`: this device has a passkey for the address. */
export type PasskeyMade = 'made' | 'cancelled' | 'exists' | Refusal
export type PasskeySignedIn =
  | { readonly ok: true; readonly session: SessionView }
  | { readonly ok: false; readonly refusal: Refusal | null }

/** Passkeys, from the question to the portal's answer. */
export interface PasskeyApi {
  readonly make: (address: string, locale: string) => Promise<PasskeyMade>
  /** The refusal is null when the person closed the dialogue. */
  readonly signIn: (stanza: string, privateComputer: boolean) => Promise<PasskeySignedIn>
  readonly list: () => Promise<Answer<PasskeysAnswer>>
  readonly remove: (id: string) => Promise<Answer<null>>
}

/** @param fetch the browser's, of the page's own origin */
export function createPasskeyApi(fetch: typeof globalThis.fetch): PasskeyApi {
  const path = '/api/passkeys'
  const send = (to: string, body: unknown, method?: string) => () =>
    fetch(`${path}${to}`, jsonRequest(body, method))
  return {
    async make(address, locale) {
      const begun = await ask(send('/register/options', { address }), passkeyCreation)
      if (!begun.ok) return begun.refusal
      const created = await createPasskey(begun.value)
      if (!created.ok) return created.why
      const registration = { ...created.made, token: begun.value.token, locale }
      const kept = await ask(send('/register/verify', registration), anything)
      return kept.ok ? 'made' : kept.refusal
    },
    async signIn(stanza, privateComputer) {
      const asked = await ask(send('/authenticate/options', {}), passkeyQuestion)
      if (!asked.ok) return asked
      const assertion = await askForPasskey(asked.value)
      if (assertion === null) return { ok: false, refusal: null }
      const { token } = asked.value
      const proof = { ...assertion, stanza, token, privateComputer }
      const answer = await ask(send('/authenticate/verify', proof), sessionView, sessionHere)
      return answer.ok ? { ok: true, session: answer.value } : answer
    },
    list: () => ask(() => fetch(path), passkeysAnswer),
    remove: id => ask(send('', { id }, 'DELETE'), anything),
  }
}
