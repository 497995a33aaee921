import { onTestFinished } from 'vitest'
import { parseSignInOutcome, signInPath } from '../../../../src/core/api/sign-in-results.ts'
import type { SignInOutcome, SignInStart } from '../../../../src/core/api/sign-in-results.ts'
import { PRESETS } from '../../../../src/server/demo/provider/simulated-account.ts'
import {
  SIMULATED_CLIENT,
  createSimulatedProvider,
} from '../../../../src/server/demo/provider/simulated-provider.ts'
import type { SimulatedProvider } from '../../../../src/server/demo/provider/simulated-provider.ts'
import { testPortal } from './test-portal.ts'
import type { TestPortal, TestPortalOptions } from './test-portal.ts'
import { ORIGIN } from './visitor.ts'
import type { Visitor } from './visitor.ts'

export interface AccountPortal extends TestPortal {
  readonly provider: SimulatedProvider
}

/** A portal that offers the simulated Microsoft and Google. */
export async function accountPortal(
  options: TestPortalOptions & { readonly more?: readonly object[] } = {},
): Promise<AccountPortal> {
  const provider = createSimulatedProvider({ port: 0, portalUrl: ORIGIN })
  await provider.listen()
  onTestFinished(() => provider.close())
  const test = await testPortal({
    ...options,
    portal: { providers: [...provider.settings, ...(options.more ?? [])], ...options.portal },
    needs: { readSecret: async () => SIMULATED_CLIENT.clientSecret, ...options.needs },
  })
  return { ...test, provider }
}

export const START: SignInStart = {
  provider: 'microsoft',
  organisation: 'example',
  privateComputer: false,
  prompt: 'usual',
  page: 'read',
}

/** Where a sign-in leads to. */
export async function startSignIn(who: Visitor, start: Partial<SignInStart> = {}): Promise<URL> {
  const response = await who.ask(signInPath({ ...START, ...start }))
  if (response.status !== 303) throw new Error(`${response.status} ${await response.text()}`)
  return new URL(response.headers.get('location') ?? '', ORIGIN)
}

/** What one does at the provider: a person of the demo, or something typed in; null: refuses. */
export type Choice =
  | { readonly name: string; readonly email: string }
  | { readonly email: string; readonly kind: string; readonly mfa?: '1' }
  | null

/** Goes to the provider as a browser does, picks, and comes to the portal's door: the callback's address. */
export async function atProvider(
  location: URL,
  choice: Choice,
  origin: string = ORIGIN,
): Promise<URL> {
  const jar = new Map<string, string>()
  const world = location.pathname.split('/')[1] ?? ''
  const request = location.searchParams.toString()
  const query = new URLSearchParams({ request, ...picked(world, choice) })
  let next = new URL(`/${world}/continue?${query.toString()}`, location)
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    const to = response.headers.get('location')
    if (to === null) throw new Error(`${next.href}: ${response.status} ${await response.text()}`)
    next = new URL(to, next)
    if (next.origin === origin) return next
  }
  throw new Error('too many redirects')
}

function picked(world: string, choice: Choice): Record<string, string> {
  if (choice === null) return {}
  if ('kind' in choice) return { ...choice }
  const found = PRESETS.find(
    account =>
      account.world === world && account.name === choice.name && account.email === choice.email,
  )
  if (found === undefined) throw new Error('nobody of the demo')
  return { account: found.id }
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (value === '') jar.delete(name)
  else jar.set(name, value)
}

/** Comes back to the portal; how it ended, as the page is told. */
export async function comeBack(who: Visitor, callback: URL): Promise<SignInOutcome> {
  const response = await who.ask(callback.href.slice(ORIGIN.length), {
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  return outcomeOf(response)
}

export async function outcomeOf(response: Response): Promise<SignInOutcome> {
  if (response.status !== 303) throw new Error(`${response.status} ${await response.text()}`)
  const location = new URL(response.headers.get('location') ?? '', ORIGIN)
  if (location.origin !== ORIGIN) throw new Error('led elsewhere')
  const outcome = parseSignInOutcome(location.hash)
  if (outcome === null) throw new Error(`no outcome in ${location.hash}`)
  return outcome
}

/** The whole way. */
export async function signInWithAccount(
  who: Visitor,
  choice: Choice,
  start: Partial<SignInStart> = {},
): Promise<SignInOutcome> {
  return comeBack(who, await atProvider(await startSignIn(who, start), choice))
}
