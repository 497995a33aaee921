import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkPrefix } from '../../../src/server/identity/network-prefix.ts'

describe('networkPrefix', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2ff::1', '2001:db8:1:200::/56'],
    ['2001:0DB8:1:02aa:9:9:9:9', '2001:db8:1:200::/56'],
    ['::1', '0:0:0:0::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0::/56'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/56'],
    ['2001:db8::', '2001:db8:0:0::/56'],
    ['', 'unknown'],
    ['localhost', 'unknown'],
    ['192.0.2', 'unknown'],
  ])('%s belongs to %s', (address, network) => {
    expect(networkPrefix(address)).toBe(network)
  })

  it('is the same for all addresses of one network, another for the next', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 0xff }), (address, low) => {
        const first = networkPrefix(address)
        const groups = first.replace('::/56', '').split(':')
        const inside = `${groups.slice(0, 3).join(':')}:${(Number.parseInt(groups[3] ?? '0', 16) | low).toString(16)}:1:2:3:4`
        const isMapped = !first.endsWith('/56')
        expect(isMapped || networkPrefix(inside) === first).toBe(true)
      }),
    )
  })
})
