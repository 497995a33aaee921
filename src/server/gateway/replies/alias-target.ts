import { domainOf } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { replyDomainsOf } from '../../config/reply-domain.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import type { Mac } from '../message-ids.ts'
import { writerOf } from './writer-address.ts'

/** Whom an address under a reply domain stands for, and whose it is. */
export interface AliasTarget {
  readonly organisation: OrganisationConfig
  readonly writer: Address
}

/** `unknown`: under a reply domain, and nobody was given it; undefined: an address like any other. */
export type ResolveAlias = (address: Address) => AliasTarget | 'unknown' | undefined

export function aliasResolver(
  organisations: readonly OrganisationConfig[],
  mac: Mac,
): ResolveAlias {
  const byDomain = new Map(
    organisations.flatMap(each => replyDomainsOf(each).map(domain => [domain, each] as const)),
  )
  return address => {
    const organisation = byDomain.get(domainOf(address))
    if (organisation === undefined) return undefined
    const writer = writerOf(mac, address, organisation)
    return writer === null ? 'unknown' : { organisation, writer }
  }
}
