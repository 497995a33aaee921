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

/** Settings that another kind would silently pass over are mistakes about who is trusted. */
function checkKind(provider: ProviderConfig, path: readonly PathPart[]): readonly Finding[] {
  const { kind, issuer, tenants, trustedDomains } = provider
  const wrong: [boolean, string, string][] = [
    [kind === 'openid' && issuer === '', 'issuer', 'is needed for kind openid'],
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
