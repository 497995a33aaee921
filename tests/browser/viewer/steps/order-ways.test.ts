import { describe, expect, it } from 'vitest'
import { orderWays } from '../../../../src/browser/viewer/steps/order-ways.ts'
import type { OfferedWay } from '../../../../src/browser/viewer/steps/order-ways.ts'
import type { DescribeAnswer } from '../../../../src/core/api/messages.ts'

const provider = (id: string) =>
  ({ id, kind: 'openid', name: id, logo: '', suggested: false, canCreate: false }) as const

const description = (providers: readonly string[], passcode = true): DescribeAnswer => ({
  organisation: { id: 'e', name: 'Example', accent: '#000000', logo: '', privacyAddress: '' },
  sender: { address: 'alice@example.com', name: '' },
  external: false,
  recipients: [],
  methods: { passcode, providers: providers.map(provider) },
  createdAtMs: 0,
  expiresAtMs: null,
  permissions: { reply: true, forward: true, print: true },
  assurance: 'mailbox',
  signedIn: false,
})

const names = (ways: readonly OfferedWay[]): string[] =>
  ways.map(way => (way.kind === 'account' ? way.provider.id : way.kind))

const ordered = (
  providers: readonly string[],
  known: { last?: string; down?: string; passkeys?: boolean; passcode?: boolean } = {},
) => {
  const { last = null, down = null, passkeys = true, passcode = true } = known
  const { shown, more } = orderWays(description(providers, passcode), { last, down, passkeys })
  return { shown: names(shown), more: names(more) }
}

describe('the ways in', () => {
  it('stand in the portal’s order, then the passcode; a passkey is one click away', () => {
    expect(ordered(['google', 'microsoft'])).toEqual({
      shown: ['google', 'microsoft', 'passcode'],
      more: ['passkey'],
    })
  })

  it.each([
    ['microsoft', ['microsoft', 'google', 'passcode']],
    ['passcode', ['passcode', 'google', 'microsoft']],
    ['passkey', ['passkey', 'google', 'microsoft', 'passcode']],
    ['gone', ['google', 'microsoft', 'passcode']],
  ])('begin with the one used last here: %s', (last, shown) => {
    expect(ordered(['google', 'microsoft'], { last }).shown).toEqual(shown)
  })

  it('end with a provider that is down, also when it was used last', () => {
    const { shown } = ordered(['google', 'microsoft'], { last: 'google', down: 'google' })
    expect(shown).toEqual(['microsoft', 'passcode', 'google'])
  })

  it('offer no passkey to a browser that knows none', () => {
    expect(ordered([], { passkeys: false, last: 'passkey' })).toEqual({
      shown: ['passcode'],
      more: [],
    })
  })

  it('fold many providers away, never the passcode', () => {
    const { shown, more } = ordered(['a', 'b', 'c', 'd', 'e'])
    expect(shown).toEqual(['a', 'b', 'c', 'd', 'passcode'])
    expect(more).toEqual(['e', 'passkey'])
  })

  it('name no passcode where the message asks for more', () => {
    expect(ordered(['a'], { passcode: false })).toEqual({ shown: ['a'], more: ['passkey'] })
    expect(ordered([], { passcode: false })).toEqual({ shown: ['passkey'], more: [] })
  })
})
