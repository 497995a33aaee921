import { readLogo } from '../config/read-logo.ts'
import { readKeyPair } from '../config/read-key-pair.ts'
import { readMailServer } from '../config/read-mail-server.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import type { NextHopSettings } from './next-hop/next-hop-settings.ts'
import type { Notice } from './notice.ts'
import type { ServerTls } from './smtp/server-tls.ts'

/** The text behind `file:PATH`, `env:NAME`, `credential:NAME`; `scrypt:…` is itself. */
export type ReadSecret = (reference: string) => Promise<string>

/** User name → password or its hash. */
export type UserPasswords = ReadonlyMap<string, string>

/** What the configuration names and does not hold itself. */
export interface GatewayFiles {
  readonly tls: ServerTls | undefined
  readonly nextHop: NextHopSettings
  readonly passwords: UserPasswords
  readonly noticeOf: (organisation: OrganisationConfig) => Notice
}

/** @throws what reading a file or a secret throws */
export async function readGatewayFiles(
  config: Pick<Config, 'gateway' | 'organisations' | 'portal'>,
  readSecret: ReadSecret,
): Promise<GatewayFiles> {
  const { gateway, organisations, portal } = config
  const entries = gateway.users.map(
    async user => [user.name, await readSecret(user.password)] as const,
  )
  const notices = organisations.map(
    async organisation => [organisation.id, await readNotice(organisation, portal)] as const,
  )
  const noticeById = new Map(await Promise.all(notices))
  return {
    tls: await readTls(gateway),
    nextHop: await readMailServer(gateway.nextHop, readSecret),
    passwords: new Map(await Promise.all(entries)),
    noticeOf: organisation => {
      const notice = noticeById.get(organisation.id)
      if (notice === undefined) throw new RangeError('an organisation without a notice')
      return notice
    },
  }
}

async function readTls(gateway: Config['gateway']): Promise<ServerTls | undefined> {
  if (gateway.tls === undefined) return undefined
  const { certificate, key } = await readKeyPair(gateway.tls)
  const asksCertificate = gateway.tenants.some(tenant => tenant.clientCertificate !== undefined)
  return { certificate, key, asksCertificate }
}

async function readNotice(
  organisation: OrganisationConfig,
  portal: Config['portal'],
): Promise<Notice> {
  return {
    organisationName: organisation.name,
    accent: organisation.accent,
    logo: organisation.logo === '' ? '' : await readLogoUrl(organisation.logo),
    portalUrl: portal.url,
    locale: organisation.locale,
    subject: organisation.subject,
    maxPostedBytes: portal.maxPostedBytes,
  }
}

async function readLogoUrl(path: string): Promise<string> {
  const { type, bytes } = await readLogo(path)
  const mediaType = type === 'svg' ? 'image/svg+xml' : 'image/png'
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`
}
