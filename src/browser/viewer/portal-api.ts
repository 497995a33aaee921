import {
  describeAnswer,
  passcodeAnswer,
  passcodeDelivery,
  releaseAnswer,
  sessionView,
} from '../../core/api/answers.ts'
import type { Shape } from '../../core/api/shape.ts'
import type {
  DescribeAnswer,
  DescribeRequest,
  PageErrorCode,
  PasscodeAnswer,
  PasscodeDelivery,
  PasscodeRequest,
  PasscodeVerifyRequest,
  ReleaseAnswer,
  ReleaseRequest,
  SessionView,
} from '../../core/api/messages.ts'
import { deliveryHere, passcodeHere, sessionHere } from './device-clock.ts'
import type { Here } from './device-clock.ts'
import { anything, ask, jsonRequest } from './portal-request.ts'
import type { Answer } from './portal-request.ts'

export type { Answer, Refusal } from './portal-request.ts'

/** What the reader page asks the portal for. protocol.md */
export interface PortalApi {
  readonly describe: (request: DescribeRequest) => Promise<Answer<DescribeAnswer>>
  readonly askPasscode: (request: PasscodeRequest) => Promise<Answer<PasscodeAnswer>>
  readonly passcodeDelivery: (id: string) => Promise<Answer<PasscodeDelivery>>
  readonly verifyPasscode: (request: PasscodeVerifyRequest) => Promise<Answer<SessionView>>
  readonly release: (request: ReleaseRequest) => Promise<Answer<ReleaseAnswer>>
  readonly session: () => Promise<Answer<SessionView>>
  readonly signOut: () => Promise<Answer<null>>
  /** Counts an error of the page by its code alone; never waits, never fails. */
  readonly countError: (error: PageErrorCode) => void
}

/**
 * Sessions and passcodes end by this device's clock as they do by the portal's, however wrong the device's is.
 * @param fetch the browser's, of the page's own origin
 * @param clock this device's
 */
export function createPortalApi(
  fetch: typeof globalThis.fetch,
  clock: () => number = Date.now,
): PortalApi {
  const get = <T>(path: string, shape: Shape<T>, here?: Here<T>): Promise<Answer<T>> =>
    ask(() => fetch(path), shape, here, clock)
  const post = <T>(
    path: string,
    body: unknown,
    shape: Shape<T>,
    here?: Here<T>,
  ): Promise<Answer<T>> => ask(() => fetch(path, jsonRequest(body)), shape, here, clock)
  return {
    describe: request => post('/api/describe', request, describeAnswer),
    askPasscode: request => post('/api/passcodes', request, passcodeAnswer, passcodeHere),
    passcodeDelivery: id =>
      get(`/api/passcodes/${encodeURIComponent(id)}`, passcodeDelivery, deliveryHere),
    verifyPasscode: request => post('/api/passcodes/verify', request, sessionView, sessionHere),
    release: request => ask(() => fetch('/api/release', asApp(request)), releaseAnswer),
    session: () => get('/api/session', sessionView, sessionHere),
    signOut: () => ask(() => fetch('/api/session', { method: 'DELETE' }), anything),
    countError: error => void count(fetch, error),
  }
}

/** An installed app is counted as one, whichever browser runs it. features.md A8 */
function asApp(body: unknown): RequestInit {
  const request = jsonRequest(body)
  if (!globalThis.matchMedia?.('(display-mode:standalone)').matches) return request
  const headers = new Headers(request.headers)
  headers.set('zegel-app', '1')
  return { ...request, headers }
}

async function count(fetch: typeof globalThis.fetch, error: PageErrorCode): Promise<void> {
  try {
    await fetch('/api/usage', { ...jsonRequest({ error }), keepalive: true })
  } catch {
    // Offline: a count that is lost harms nobody.
  }
}
