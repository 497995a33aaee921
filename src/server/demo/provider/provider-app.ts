import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Context } from 'hono'
import { parseAddress } from '../../../core/address/address.ts'
import { guard } from '../guard.ts'
import { commonHeaders, pageHeaders } from '../security-headers.ts'
import type { AccountBook } from './account-book.ts'
import { REFUSAL } from './provider-instance.ts'
import { frameOf, homePage, pickPage } from './provider-pages.ts'
import type { Html } from '../pages/page-frame.ts'
import { KINDS, WORLDS } from './simulated-account.ts'
import type { SimulatedAccount, World } from './simulated-account.ts'

export interface ProviderAppNeeds {
  readonly accounts: AccountBook
  /** `http://127.0.0.1:8082` */
  readonly url: string
  /** The same without whatever stands in front of it; for requests to itself. */
  readonly ownUrl: string
  readonly publicUrl: string | undefined
  /** Where the portal is: forms of the pages may lead there. */
  readonly portalOrigin: string
  /** Path of an instance's issuer. */
  readonly issuerPath: (instance: string) => string
  /** Which instance issued a code. */
  readonly instanceOfCode: (code: string) => string | undefined
}

/** Of a token request; RFC 6749 §4.1.3 */
const MAX_TOKEN_REQUEST_BYTES = 16 * 1024

/** Of the demo's assets, those that these pages use, with their types. */
const ASSETS: ReadonlyMap<string, string> = new Map([
  ['icon.svg', 'image/svg+xml'],
  ['frame.css', 'text/css; charset=utf-8'],
  ['simulator.css', 'text/css; charset=utf-8'],
])

/** Pages where one picks an account, and what the simulated Microsoft has in common for all tenants. */
export function createProviderApp(needs: ProviderAppNeeds): Hono {
  const { accounts } = needs
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value)
  })
  app.get('/microsoft/common/v2.0/.well-known/openid-configuration', async context =>
    context.json(await commonMetadata(needs)),
  )
  app.post(
    '/microsoft/common/v2.0/token',
    bodyLimit({ maxSize: MAX_TOKEN_REQUEST_BYTES }),
    context => passToken(needs, context),
  )
  app.get('/google/.well-known/openid-configuration', async context =>
    context.json(await googleMetadata(needs)),
  )
  app.use(guard(needs.publicUrl))
  app.get('/', context =>
    show(needs, context, homePage(frame(context), signedIn(accounts, context))),
  )
  app.post('/forget', context => {
    for (const world of WORLDS) remember(context, world, '')
    return context.redirect('/', 303)
  })
  for (const world of WORLDS) {
    app.get(`/${world}/authorize`, context => pick(needs, context, world))
    app.get(`/${world}/continue`, context => goOn(needs, context, world))
  }
  app.get('/assets/:name', async context => {
    const name = context.req.param('name')
    const type = ASSETS.get(name)
    if (type === undefined) return context.notFound()
    const asset = await readFile(new URL(`../assets/${name}`, import.meta.url))
    return context.body(Uint8Array.from(asset), 200, { 'Content-Type': type })
  })
  return app
}

/** One document for all tenants, as at the real one: its issuer is a template. */
async function commonMetadata(needs: ProviderAppNeeds): Promise<object> {
  const { url, issuerPath } = needs
  const base = new URL(issuerPath('{tenantid}'), url).href.replaceAll('%7B', '{')
  const own = await metadataOf(needs, KNOWN_TENANT)
  return {
    ...own,
    issuer: base.replaceAll('%7D', '}'),
    authorization_endpoint: `${url}/microsoft/authorize`,
    token_endpoint: `${url}/microsoft/common/v2.0/token`,
  }
}

const KNOWN_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad'

async function googleMetadata(needs: ProviderAppNeeds): Promise<object> {
  const own = await metadataOf(needs, 'google')
  return { ...own, authorization_endpoint: `${needs.url}/google/authorize` }
}

/**
 * What the instance says itself; under another path, so that ours stands at the well-known one. Its
 * addresses are those that others know.
 */
async function metadataOf(
  { url, ownUrl, issuerPath }: ProviderAppNeeds,
  instance: string,
): Promise<object> {
  const { host, protocol } = new URL(url)
  const path = `/instance${issuerPath(instance)}/.well-known/openid-configuration`
  const response = await fetch(`${ownUrl}${path}`, {
    headers: { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) },
  })
  return (await response.json()) as object
}

/** The picked account stays signed in here, as at a real provider, until another one is asked for. */
function pick(
  needs: ProviderAppNeeds,
  context: Context,
  world: World,
): Response | Promise<Response> {
  const query = new URL(context.req.url).searchParams
  const prompt = query.get('prompt')
  const known = needs.accounts.find(getCookie(context, cookieOf(world)) ?? '')
  if (prompt === null && known !== undefined)
    return lead(needs, context, query, known.instance, known.id)
  const view = {
    world,
    accounts: needs.accounts.presetsOf(world),
    request: query.toString(),
    isNew: prompt === 'create',
    hint: query.get('login_hint') ?? '',
  }
  return show(needs, context, pickPage(frame(context), view))
}

/** Whom somebody picked or typed in, or nobody: the instance goes on with it. */
function goOn(
  needs: ProviderAppNeeds,
  context: Context,
  world: World,
): Response | Promise<Response> {
  const request = new URLSearchParams(context.req.query('request') ?? '')
  const account = chosen(needs, context, world)
  if (account === undefined) {
    const instance = world === 'microsoft' ? KNOWN_TENANT : world
    return lead(needs, context, request, instance, REFUSAL)
  }
  remember(context, world, account.id)
  return lead(needs, context, request, account.instance, account.id)
}

function chosen(
  { accounts }: ProviderAppNeeds,
  context: Context,
  world: World,
): SimulatedAccount | undefined {
  const email = context.req.query('email')
  if (email === undefined) return accounts.find(context.req.query('account') ?? '')
  const address = parseAddress(email.trim())
  const kind = KINDS[world].find(each => each === context.req.query('kind'))
  if (address === null || kind === undefined) return undefined
  const name = address.slice(0, address.lastIndexOf('@'))
  const secondFactor = context.req.query('mfa') === '1'
  return accounts.add({ world, kind, name, email: address, secondFactor })
}

/**
 * To the instance's own authorization endpoint, which checks client, address and PKCE as it always
 * does. Its session is left behind: who is signed in here, these pages know, and an instance stops when
 * another account comes.
 */
function lead(
  { url, issuerPath }: ProviderAppNeeds,
  context: Context,
  request: URLSearchParams,
  instance: string,
  hint: string,
): Response {
  const query = new URLSearchParams(request)
  query.set('prompt', 'login')
  query.set('login_hint', hint)
  query.delete('acr_values')
  for (const name of ['_session', '_session.sig']) deleteCookie(context, name, { path: '/' })
  return context.redirect(`${url}${issuerPath(instance)}/auth?${query.toString()}`, 303)
}

/** One token endpoint for all tenants: the instance that issued the code answers. */
async function passToken(needs: ProviderAppNeeds, context: Context): Promise<Response> {
  const body = await context.req.text()
  const code = new URLSearchParams(body).get('code') ?? ''
  const path = needs.issuerPath(needs.instanceOfCode(code) ?? KNOWN_TENANT)
  const answer = await fetch(`${needs.ownUrl}${path}/token`, {
    method: 'POST',
    body,
    headers: { 'content-type': context.req.header('content-type') ?? '' },
  })
  return context.body(await answer.text(), answer.status === 200 ? 200 : 400, {
    'Content-Type': 'application/json',
  })
}

const cookieOf = (world: World): string => `simulated-${world}`

function remember(context: Context, world: World, id: string): void {
  setCookie(context, cookieOf(world), id, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    ...(id === '' ? { maxAge: 0 } : {}),
  })
}

const frame = (context: Context) => frameOf(context.req.header('accept-language') ?? null)

function signedIn(accounts: AccountBook, context: Context): SimulatedAccount[] {
  return WORLDS.map(world => accounts.find(getCookie(context, cookieOf(world)) ?? '')).filter(
    account => account !== undefined,
  )
}

/** A form leads through the instance to the portal, and browsers hold `form-action` against the whole way. */
async function show(
  { portalOrigin }: ProviderAppNeeds,
  context: Context,
  page: Html,
): Promise<Response> {
  const policy = pageHeaders['Content-Security-Policy']
  return context.html((await page).toString(), 200, {
    ...pageHeaders,
    'Content-Security-Policy': policy.replace(
      "form-action 'self'",
      `form-action 'self' ${portalOrigin}`,
    ),
  })
}
