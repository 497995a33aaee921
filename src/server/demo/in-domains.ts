import { parseAddress, domainOf } from '../../core/address/address.ts'

/** True for addresses of one of these domains. */
export function inDomains(domains: readonly string[]): (address: string) => boolean {
  return address => {
    const parsed = parseAddress(address)
    return parsed !== null && domains.includes(domainOf(parsed))
  }
}
