import { describe, expect, it } from 'vitest'
import { Strangers } from '../../../../src/server/gateway/smtp/strangers.ts'

describe('places of clients that have not signed in', () => {
  it('are few for one client, whatever its addresses, and not all for all of them', () => {
    const strangers = new Strangers({ connectionsOfStranger: 2, connections: 5 })
    const leave = strangers.enter('2001:db8::1')
    expect(strangers.enter('2001:db8::2')).toBeDefined()
    expect(strangers.enter('2001:db8:0:0:ffff::3')).toBeUndefined()
    expect(strangers.enter('192.0.2.1')).toBeDefined()
    expect(strangers.enter('192.0.2.2')).toBeDefined()
    expect(strangers.enter('192.0.2.3')).toBeDefined()
    expect(strangers.enter('192.0.2.4')).toBeUndefined()
    leave?.()
    leave?.()
    expect(strangers.enter('2001:db8::4')).toBeDefined()
    expect(strangers.enter('192.0.2.4')).toBeUndefined()
  })
})
