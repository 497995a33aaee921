import { describe, expect, it } from 'vitest'
import { clientAddressFinder } from '../../../src/server/portal/client-address.ts'

describe('clientAddressFinder', () => {
  const find = clientAddressFinder(['10.0.0.0/8', '2001:db8::/32', '127.0.0.1'])

  it.each([
    ['192.0.2.1', undefined, '192.0.2.1'],
    // Nobody believes a client about itself.
    ['192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    // What the client wrote itself stands further left.
    ['10.0.0.1', '1.2.3.4, 198.51.100.7', '198.51.100.7'],
    ['10.0.0.1', '1.2.3.4, 198.51.100.7, 10.9.9.9, 2001:db8::7', '198.51.100.7'],
    ['10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '1.2.3.4, evil', '10.0.0.1'],
    ['127.0.0.1', '[2001:db9::1]:443', '2001:db9::1'],
    ['127.0.0.1', '198.51.100.7:5000', '198.51.100.7'],
    ['', '198.51.100.7', ''],
  ])('socket %s, X-Forwarded-For %s: %s', (socket, header, expected) => {
    expect(find(socket, header)).toBe(expected)
  })

  it('trusts nobody unless the configuration does', () => {
    expect(clientAddressFinder([])('127.0.0.1', '198.51.100.7')).toBe('127.0.0.1')
  })

  it.each(['10.0.0.0/33', 'localhost', '10.0.0.0/8/8', ''])('refuses the network %s', network => {
    expect(() => clientAddressFinder([network])).toThrow(RangeError)
  })
})
