import { BlockList, isIP, isIPv4 } from 'node:net'

/** Says whether an address of a peer, as its socket reports it, is in the network. */
export type InNetwork = (address: string) => boolean

/**
 * Networks as `192.0.2.0/24`, `2001:db8::/32` or a single address. An IPv4 peer that a dual-stack
 * listener reports as `::ffff:192.0.2.1` is its IPv4 address.
 * @throws {RangeError} for a text that is no network
 */
export function networkMatcher(networks: readonly string[]): InNetwork {
  const list = new BlockList()
  for (const network of networks) addNetwork(list, network)
  return address => {
    const plain = withoutMapping(address)
    return isIP(plain) !== 0 && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  }
}

/** `::ffff:192.0.2.1` → `192.0.2.1`; no zone. */
export function withoutMapping(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ?? address.replace(/%.*$/, '')
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix, ...more] = network.split('/')
  const bits = isIPv4(address) ? 32 : 128
  const length = prefix === undefined ? bits : Number(prefix)
  const known = isIP(address) !== 0 && more.length === 0 && /^\d{1,3}$/.test(prefix ?? '0')
  if (!known || length > bits) throw new RangeError(`not a network: ${network}`)
  list.addSubnet(address, length, isIPv4(address) ? 'ipv4' : 'ipv6')
}
