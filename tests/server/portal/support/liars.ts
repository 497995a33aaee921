import { comeBack, startSignIn } from './account-portal.ts'
import { lyingProvider } from './lying-provider.ts'
import type { LyingProvider } from './lying-provider.ts'
import { testPortal } from './test-portal.ts'
import type { TestPortal } from './test-portal.ts'
import type { Visitor } from './visitor.ts'

export const CLIENT_SECRET = 'CLIENT-SECRET-CANARY'
export const liarNeeds = { readSecret: async () => CLIENT_SECRET }

export interface Liars extends TestPortal {
  readonly liar: LyingProvider
  readonly other: LyingProvider
}

/** A portal with two generic providers that may lie. */
export async function liars(): Promise<Liars> {
  const liar = await lyingProvider()
  const other = await lyingProvider('other')
  const providers = [liar.settings('liar'), other.settings('other')]
  return { ...(await testPortal({ portal: { providers }, needs: liarNeeds })), liar, other }
}

/** The address that a provider sends a browser back to. */
export function callback(
  provider: LyingProvider,
  location: URL,
  changes: Record<string, string | null> = {},
): URL {
  const url = new URL(location.searchParams.get('redirect_uri') ?? '')
  const answer = {
    code: provider.issueCode(location),
    state: location.searchParams.get('state'),
    iss: provider.issuer,
    ...changes,
  }
  for (const [name, value] of Object.entries(answer))
    if (value !== null) url.searchParams.set(name, value)
  return url
}

/** A sign-in at the provider, up to what the portal says in the end. */
export async function tryLiar(
  { liar }: Liars,
  who: Visitor,
  changes: Record<string, string | null> = {},
) {
  const location = await startSignIn(who, { provider: 'liar' })
  return (await comeBack(who, callback(liar, location, changes))).result
}

export const isSignedIn = async (who: Visitor) => (await who.ask('/api/session')).status === 200
