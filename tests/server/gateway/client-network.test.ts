import { describe, expect, it } from 'vitest'
import { networkMatcher } from '../../../src/server/gateway/client-network.ts'

describe('allowed networks', () => {
  const isIn = networkMatcher(['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'])

  it.each(['192.0.2.1', '::ffff:192.0.2.255', '2001:db8:1::9', '198.51.100.7', '::FFFF:192.0.2.1'])(
    'hold %s',
    address => expect(isIn(address)).toBe(true),
  )

  it.each(['192.0.3.1', '2001:db9::1', '198.51.100.8', '::1', '', 'localhost', '::ffff:192.0.3.1'])(
    'do not hold %s',
    address => expect(isIn(address)).toBe(false),
  )

  it.each([
    '192.0.2.0/33',
    '192.0.2.0/',
    'example.com',
    '192.0.2.0/24/1',
    '::/129',
    '192.0.2.0/-1',
  ])('refuse %s as no network', text => expect(() => networkMatcher([text])).toThrow(RangeError))
})
