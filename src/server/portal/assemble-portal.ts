import { randomBytes } from 'node:crypto'
import { createAccounts } from '../identity/account/accounts.ts'
import type { Accounts } from '../identity/account/accounts.ts'
import { createAssociationMailer } from '../identity/account/association-mail.ts'
import { createAssociations } from '../identity/account/associations.ts'
import type { Associations } from '../identity/account/associations.ts'
import type { Provider } from '../identity/account/provider.ts'
import { ProviderError } from '../identity/account/provider-error.ts'
import type { MailRelay } from '../identity/mail-relay.ts'
import { createPasscodeMailer } from '../identity/passcode-mail.ts'
import type { PasscodeSender, SendPasscode } from '../identity/passcode-mail.ts'
import { createPasscodes } from '../identity/passcodes.ts'
import type { Passcodes } from '../identity/passcodes.ts'
import { createPasskeyMailer } from '../identity/passkey-mail.ts'
import { createPasskeys } from '../identity/passkeys.ts'
import type { Passkeys } from '../identity/passkeys.ts'
import { createRateLimiter } from '../identity/rate-limiter.ts'
import type { TakeAllowance } from '../identity/rate-limiter.ts'
import { createSessions } from '../identity/sessions.ts'
import { standingOf } from '../identity/standing-of.ts'
import { fromConfiguration } from '../telemetry/log.ts'
import { defaultLocale, matchLocale } from '../text/text.ts'
import { createApp } from './app.ts'
import type { PortalApp } from './app.ts'
import type { Asset } from './asset.ts'
import { createBodyBudget } from './body-budget.ts'
import { neutralBrand, readBrand } from './brand.ts'
import type { Brand } from './brand.ts'
import { readBrowserBuild } from './browser-build.ts'
import { readIcons } from './icons.ts'
import type { PageIcons } from './icons.ts'
import { clientAddressFinder } from './client-address.ts'
import { createPageWriter } from './page-writer.ts'
import type { PageWriter } from './page-writer.ts'
import type { PortalNeeds } from './portal-types.ts'
import { readProviders } from './read-providers.ts'
import type { Route } from './route.ts'
import { routeTable } from './routes.ts'
import { sessionReader } from './session-cookie.ts'
import { statementStyle } from './statement-style.ts'

export interface AssembledPortal {
  readonly app: PortalApp
  readonly routes: readonly Route[]
  /** Resolves when no passcode mail is on its way. */
  readonly settle: () => Promise<void>
  /** From now on the process is not ready. */
  readonly end: () => void
}

/** The languages that the organisations themselves chose: reports in them are understood. RFC 9116 §2.5.8 */
const noticeLocales = ({ organisations }: PortalNeeds['config']): readonly string[] =>
  organisations.map(({ locale }) => matchLocale([locale]))

/** Every part of the portal behind its app. */
export async function assemblePortal(
  needs: PortalNeeds,
  relay: MailRelay,
): Promise<AssembledPortal> {
  const { config, clock } = needs
  const { origin, host, hostname } = new URL(config.portal.url)
  const { providers, logos } = await readProviders(config.portal, needs.readSecret)
  const appearance = await readAppearance(needs, host, logos)
  const identity = createIdentity(needs, relay, { origin, host, rpId: hostname }, providers)
  const parts = { ...needs, ...appearance, ...identity }
  let ending = false
  const routes = routeTable({
    ...parts,
    ...settingsOf(config),
    about: aboutOf(needs, providers),
    origin,
    languages: [...new Set([defaultLocale, ...noticeLocales(config)])],
    isReady: async () => !ending && (await answers(() => needs.store.ping())),
  })
  const { aliases, trustedProxies } = config.portal
  const clientAddress = clientAddressFinder(trustedProxies)
  return {
    app: createApp({ ...parts, routes, origin, aliases, clientAddress, clock }),
    routes,
    settle: async () => {
      const { passcodes, passkeys, associations } = identity
      await Promise.all([passcodes.settle(), passkeys.settle(), associations.settle()])
    },
    end: () => {
      ending = true
    },
  }
}

function aboutOf({ config, running, keptRows }: PortalNeeds, providers: readonly Provider[]) {
  return { config, running: running ?? 'portal-and-gateway', keptRows, providers }
}

/** What the routes take of the configuration. */
function settingsOf(config: PortalNeeds['config']) {
  const { maxPostedBytes, postedBudgetBytes } = config.portal
  return {
    maxPostedBytes,
    budget: createBodyBudget(postedBudgetBytes, maxPostedBytes),
    contact: securityContact(config),
  }
}

interface Appearance {
  readonly assets: ReadonlyMap<string, Asset>
  readonly brands: ReadonlyMap<string, Brand>
  readonly writer: PageWriter
  readonly icons: PageIcons
  readonly serviceWorker: Asset
}

async function readAppearance(
  { config, browserFolder }: PortalNeeds,
  host: string,
  logos: readonly Asset[],
): Promise<Appearance> {
  const build = await readBrowserBuild(browserFolder)
  const brands = await readBrands(config)
  const icons = await readIcons()
  const style = statementStyle()
  const assets = withAssets(build.assets, [
    ...Object.values(icons),
    style,
    ...logos,
    ...[...brands.values()].map(brand => brand.logo),
  ])
  const only = brands.size === 1 ? [...brands.values()][0] : undefined
  const writer = createPageWriter({
    build,
    host,
    icons,
    brand: only ?? neutralBrand(host),
    statementStyle: style,
  })
  return { assets, brands, writer, icons, serviceWorker: build.serviceWorker }
}

interface PortalName {
  readonly origin: string
  /** With a port when it is not the usual one. */
  readonly host: string
  /** Without one. */
  readonly rpId: string
}

/** Limits, sessions, passcodes, accounts and passkeys. */
function createIdentity(
  needs: PortalNeeds,
  relay: MailRelay,
  name: PortalName,
  providers: readonly Provider[],
) {
  const { store, secret, ring, clock, limitScale: scale = 1 } = needs
  const take = createRateLimiter({ rates: store.rates, secret: secret('rate'), clock, scale })
  const accounts = assembleAccounts(needs, name.origin, providers)
  const sessions = createSessions({
    standing: standingOf(accounts, store.passkeys, clock),
    store: store.sessions,
    ring: ring('cookie'),
    host: name.host,
    clock,
    randomBytes,
  })
  const proving = {
    passcodes: assemblePasscodes(needs, relay, take),
    passkeys: assemblePasskeys(needs, relay, name, accounts),
    accounts,
    associations: assembleAssociations(needs, relay, name.host, accounts),
  }
  return { take, sessions, readSession: sessionReader(sessions), ...proving, randomBytes }
}

function assembleAssociations(
  { config, store, secret, clock, log }: PortalNeeds,
  { send }: MailRelay,
  host: string,
  accounts: Accounts,
): Associations {
  return createAssociations({
    store: store.associations,
    secret: secret('association'),
    findProvider: (id, organisationId) => accounts.find(id, organisationId),
    notify: createAssociationMailer({ send, senderOf: senderFinder(config), host, clock }),
    clock,
    randomBytes,
    onError: error => log.failure('association-mail-failed', error),
  })
}

function assemblePasscodes(needs: PortalNeeds, relay: MailRelay, take: TakeAllowance): Passcodes {
  const { store, ring, clock, log } = needs
  return createPasscodes({
    store: store.passcodes,
    ring: ring('passcode'),
    take,
    send: countedSend(needs, relay),
    clock,
    randomBytes,
    onError: error => log.failure('passcode-mail-failed', error),
  })
}

function assemblePasskeys(
  { config, store, secret, ring, clock, log }: PortalNeeds,
  { send }: MailRelay,
  name: PortalName,
  accounts: Accounts,
): Passkeys {
  const senderOf = senderFinder(config)
  return createPasskeys({
    store: store.passkeys,
    rates: store.rates,
    secret: secret('association'),
    ring: ring('cookie'),
    worthOf: accounts.worthOf,
    relyingParty: name,
    nameOf: organisationId => senderOf(organisationId).organisationName,
    sendNotice: createPasskeyMailer({ send, senderOf, host: name.host, clock }),
    clock,
    randomBytes,
    onError: error => log.failure('passkey-mail-failed', error),
  })
}

function assembleAccounts(
  needs: PortalNeeds,
  origin: string,
  providers: readonly Provider[],
): Accounts {
  const { store, secret, ring, clock, log, fetch = globalThis.fetch } = needs
  return createAccounts({
    providers,
    origin,
    ring: ring('cookie'),
    associationSecret: secret('association'),
    rates: store.rates,
    fetch,
    clock,
    randomBytes,
    onError({ id }, error) {
      const provider = fromConfiguration(id)
      if (error instanceof ProviderError && error.code === 'provider-down')
        log.warn('provider-down', { provider })
      else log.failure('sign-in-failed', error instanceof Error ? (error.cause ?? error) : error)
    },
  })
}

function countedSend({ config, counters, clock }: PortalNeeds, relay: MailRelay): SendPasscode {
  const send = createPasscodeMailer(relay.send, senderFinder(config), clock)
  return async passcode => {
    const delivered = await send(passcode)
    counters.countPasscodeMail(delivered.state)
    return delivered
  }
}

/** Whom an organisation's mails come from. */
function senderFinder(config: PortalNeeds['config']): (organisationId: string) => PasscodeSender {
  const senders = new Map(
    config.organisations.map(({ id, name, domains }) => {
      const from = config.portal.mail.from || `no-reply@${domains[0] ?? 'localhost'}`
      return [id, { organisationName: name, from }]
    }),
  )
  return organisationId => {
    const sender = senders.get(organisationId)
    if (sender === undefined) throw new RangeError('an organisation that is not configured')
    return sender
  }
}

async function readBrands({
  organisations,
}: PortalNeeds['config']): Promise<ReadonlyMap<string, Brand>> {
  const entries = organisations.map(
    async organisation => [organisation.id, await readBrand(organisation)] as const,
  )
  return new Map(await Promise.all(entries))
}

function withAssets(
  assets: ReadonlyMap<string, Asset>,
  more: readonly (Asset | null)[],
): ReadonlyMap<string, Asset> {
  const own = more.filter(asset => asset !== null)
  return new Map([...assets, ...own.map(asset => [asset.path, asset] as const)])
}

/** Where weaknesses are reported: the configured contact, else the address RFC 2142 §4 names. */
function securityContact({ organisations, portal }: PortalNeeds['config']): string {
  if (portal.privacy.contactMail !== '') return portal.privacy.contactMail
  return `security@${organisations[0]?.domains[0] ?? 'localhost'}`
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  try {
    await ping()
    return true
  } catch {
    return false
  }
}
