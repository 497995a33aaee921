/**
 * How a sign-in with a provider ended. `GET /auth/PROVIDER/start` and `/callback` both lead back to a
 * page of ours with the result in the fragment, `/read#sign-in=proven&provider=microsoft`: the
 * message waits in the tab, and nothing is granted by these words, the session cookie alone counts.
 */
export const SIGN_IN_RESULTS = [
  /** The account proves an address, or is associated with one: ask for the message. */
  'proven',
  /** The account is valid and proves no address: a passcode for the addressed mailbox associates it. */
  'passcode-needed',
  /** The person, or the provider, said no. */
  'consent-refused',
  /** The provider does not answer: another way is open. */
  'provider-down',
  /** The account is of a tenant that may not sign in here. */
  'account-refused',
  /** Begun in another browser, too long ago, or used already (the back button): begin again. */
  'stale',
  /** What came back was not what the provider should say: begin again. */
  'failed',
  /** Too many from this network: wait. */
  'rate-limited',
] as const

export type SignInResult = (typeof SIGN_IN_RESULTS)[number]

/** The pages that a sign-in leads back to; a closed list, so that nobody can be led elsewhere. */
export const SIGN_IN_PAGES = { read: '/read', associations: '/associations' } as const
export type SignInPage = keyof typeof SIGN_IN_PAGES

export interface SignInOutcome {
  readonly result: SignInResult
  /** Id of the provider, as in `methods.providers`. */
  readonly provider: string
}

export const SIGN_IN_PROMPTS = ['usual', 'choose', 'create'] as const
export type SignInPrompt = (typeof SIGN_IN_PROMPTS)[number]

/** What a page asks `GET /auth/PROVIDER/start` for. */
export interface SignInStart {
  readonly provider: string
  /** `organisation.id` of `describe`. */
  readonly organisation: string
  readonly privateComputer: boolean
  /**
   * `usual`: as the provider does it, at once for who is signed in there. `choose`: lets the person pick
   * another account. `create`: leads to making one; only where `canCreate` says so.
   */
  readonly prompt: SignInPrompt
  readonly page: SignInPage
}

/** A link within this origin: `/auth/microsoft/start?organisation=example&private=0&prompt=usual&page=read`. */
export function signInPath(start: SignInStart): string {
  const query = new URLSearchParams({
    organisation: start.organisation,
    private: start.privateComputer ? '1' : '0',
    prompt: start.prompt,
    page: start.page,
  })
  return `/auth/${encodeURIComponent(start.provider)}/start?${query.toString()}`
}

/** `sign-in=proven&provider=microsoft`, without `#`. */
export function formatSignInOutcome({ result, provider }: SignInOutcome): string {
  return new URLSearchParams({ 'sign-in': result, provider }).toString()
}

/** @param fragment with or without `#`; null when it says nothing that we would say */
export function parseSignInOutcome(fragment: string): SignInOutcome | null {
  const words = new URLSearchParams(fragment.replace(/^#/, ''))
  const result = SIGN_IN_RESULTS.find(name => name === words.get('sign-in'))
  const provider = words.get('provider') ?? ''
  return result === undefined || !/^[a-z0-9-]{1,32}$/.test(provider) ? null : { result, provider }
}
