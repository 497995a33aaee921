import type { Config, ProviderConfig } from '../config/schema.ts'
import { GOOGLE_ISSUER, MICROSOFT_ISSUER } from '../identity/account/provider.ts'
import type { Provider } from '../identity/account/provider.ts'
import type { Asset } from './asset.ts'
import { logoAsset } from './brand.ts'
import type { ReadSecret } from './read-secret.ts'

export interface ReadProviders {
  /** In the order in which they are shown. */
  readonly providers: readonly Provider[]
  readonly logos: readonly Asset[]
}

const NAMES = { microsoft: 'Microsoft', google: 'Google' } as const
const ISSUERS = { microsoft: MICROSOFT_ISSUER, google: GOOGLE_ISSUER, openid: '' } as const

/** The providers of the configuration, with their secrets and images read. */
export async function readProviders(
  { providers }: Pick<Config['portal'], 'providers'>,
  readSecret: ReadSecret,
): Promise<ReadProviders> {
  const read = await Promise.all(providers.map(provider => readProvider(provider, readSecret)))
  return {
    providers: read.map(({ provider }) => provider).toSorted((a, b) => a.order - b.order),
    logos: read.map(({ logo }) => logo).filter(logo => logo !== null),
  }
}

async function readProvider(
  config: ProviderConfig,
  readSecret: ReadSecret,
): Promise<{ readonly provider: Provider; readonly logo: Asset | null }> {
  const { id, kind, name, order, issuer, clientId, clientSecret, organisation } = config
  const logo = config.logo === '' ? null : await logoAsset(config.logo)
  const provider = {
    id,
    kind,
    name: name || (kind === 'openid' ? id : NAMES[kind]),
    logo: logo?.path ?? '',
    order,
    issuer: issuer || ISSUERS[kind],
    clientId,
    clientSecret: clientSecret === undefined ? null : await readSecret(clientSecret),
    tenants: config.tenants,
    trustedDomains: config.trustedDomains,
    organisationId: organisation ?? null,
    acrValues: config.acrValues,
    mfa: config.mfa,
  }
  return { provider, logo }
}
