import { associationsAnswer } from '../../core/api/associations-answer.ts'
import type { AssociationsAnswer } from '../../core/api/messages.ts'
import { passkeysAnswer } from '../../core/api/passkeys.ts'
import type { PasskeysAnswer } from '../../core/api/passkeys.ts'
import { anything, ask, jsonRequest } from '../viewer/portal-request.ts'
import type { Answer } from '../viewer/portal-request.ts'

/** The two lists that a person may see and shorten. */
export interface AssociationsApi {
  readonly accounts: () => Promise<Answer<AssociationsAnswer>>
  readonly passkeys: () => Promise<Answer<PasskeysAnswer>>
  readonly remove: (kind: 'account' | 'passkey', id: string) => Promise<Answer<null>>
}

const paths = { account: '/api/associations', passkey: '/api/passkeys' } as const

/** @param fetch the browser's, of the page's own origin */
export function createAssociationsApi(fetch: typeof globalThis.fetch): AssociationsApi {
  return {
    accounts: () => ask(() => fetch(paths.account), associationsAnswer),
    passkeys: () => ask(() => fetch(paths.passkey), passkeysAnswer),
    remove: (kind, id) => ask(() => fetch(paths[kind], jsonRequest({ id }, 'DELETE')), anything),
  }
}
