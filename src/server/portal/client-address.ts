import { BlockList, isIP, isIPv4 } from 'node:net'
import { plainAddress } from '../identity/network-prefix.ts'
import { MAX_FORWARDED_HOPS } from './limits.ts'

/** Finds the client's address from its socket and `X-Forwarded-For`. */
export type ClientAddress = (socketAddress: string, forwardedFor: string | undefined) => string

/**
 * Believes `X-Forwarded-For` only as far as trusted proxies wrote it: from the right, the first
 * address that is not a trusted proxy is the client. Anything that is no address ends the walk.
 * @param trustedProxies networks as `192.0.2.0/24` or single addresses
 * @throws RangeError for a text that is no network
 */
export function clientAddressFinder(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = networkMatcher(trustedProxies)
  return (socketAddress, forwardedFor) => {
    const hops = (forwardedFor ?? '').split(',').map(readHop).slice(-MAX_FORWARDED_HOPS)
    let address = plainAddress(socketAddress)
    while (isTrusted(address)) {
      const next = hops.pop()
      if (next === undefined || isIP(next) === 0) return address
      address = next
    }
    return address
  }
}

/** `192.0.2.1`, `[2001:db8::1]:443`, `192.0.2.1:443` → the address. */
function readHop(text: string): string {
  const hop = text.trim()
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1]
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1]
  return plainAddress(bracketed ?? withPort ?? hop)
}

function networkMatcher(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) addNetwork(list, network)
  return address => isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix, ...more] = network.split('/')
  const bits = isIPv4(address) ? 32 : 128
  const isKnown = isIP(address) !== 0 && more.length === 0 && /^\d{1,3}$/.test(prefix ?? '0')
  const length = prefix === undefined ? bits : Number(prefix)
  if (!isKnown || length > bits) throw new RangeError(`not a network: ${network}`)
  list.addSubnet(address, length, isIPv4(address) ? 'ipv4' : 'ipv6')
}
