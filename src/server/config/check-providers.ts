import { type Finding, checkOrganisationId, repeated } from './finding.ts'
import type { Config, ProviderConfig } from './schema.ts'
import type { PathPart } from './walk-schema.ts'

/** What does not fit together among the providers of accounts. */
export function checkProviders(config: Config): readonly Finding[] {
  const { providers } = config.portal
  const placeOf = (i: number) => ['portal', 'providers', i] as const
  const ids = providers.map(({ id }, i) => ({ value: id, path: [...placeOf(i), 'id'] }))
  return [
    ...repeated(ids, 'is the id of another provider: choose another'),
    ...providers.flatMap((provider, i) => [
      ...checkKind(provider, placeOf(i)),
      ...(provider.organisation === undefined
        ? []
        : checkOrganisationId(config, provider.organisation, [...placeOf(i), 'organisation'])),
    ]),
  ]
}

const OWNERS = { microsoft: 'Microsoft', google: 'Google', openid: 'anyone' } as const

/** Microsoft's clouds: the worldwide one, that of the government of the United States, and that in China. */
const MICROSOFT_HOSTS = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
])
const GOOGLE_ISSUER = 'https://accounts.google.com'
/** The demo and the tests simulate both on this machine. */
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Whoever is asked under a kind's rules is believed what the kind's owner is believed: that `tid` is the
 * personal tenant, that a domain is verified, that `hd` is the domain.
 */
function isOwnIssuer(kind: 'microsoft' | 'google', issuer: string): boolean {
  if (!URL.canParse(issuer)) return false
  const { protocol, hostname, host } = new URL(issuer)
  if (THIS_MACHINE.test(hostname)) return true
  if (kind === 'google') return issuer === GOOGLE_ISSUER
  return protocol === 'https:' && MICROSOFT_HOSTS.has(host)
}

/** Settings that another kind would silently pass over are mistakes about who is trusted. */
function checkKind(provider: ProviderConfig, path: readonly PathPart[]): readonly Finding[] {
  const { kind, issuer, tenants, trustedDomains } = provider
  const wrong: [boolean, string, string][] = [
    [kind === 'openid' && issuer === '', 'issuer', 'is needed for kind openid'],
    [
      kind !== 'openid' && issuer !== '' && !isOwnIssuer(kind, issuer),
      'issuer',
      `is not of ${OWNERS[kind]}: for another provider write kind: openid`,
    ],
    [kind !== 'microsoft' && tenants.length > 0, 'tenants', 'is for kind microsoft alone'],
    [
      kind !== 'openid' && trustedDomains.length > 0,
      'trustedDomains',
      'is for kind openid alone: what Microsoft and Google prove is decided by their own claims',
    ],
  ]
  return wrong
    .filter(([holds]) => holds)
    .map(([, key, message]) => ({ path: [...path, key], message }))
}
