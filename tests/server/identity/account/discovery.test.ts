import { describe, expect, it } from 'vitest'
import { createDiscovery } from '../../../../src/server/identity/account/discovery.ts'
import type { Provider } from '../../../../src/server/identity/account/provider.ts'
import { ProviderError } from '../../../../src/server/identity/account/provider-error.ts'

const HOUR_MS = 3_600_000
const issuer = 'https://id.example.org'
const provider: Provider = {
  id: 'own',
  kind: 'openid',
  name: 'Own',
  logo: '',
  order: 0,
  issuer,
  clientId: 'zegel',
  clientSecret: null,
  tenants: [],
  trustedDomains: [],
  organisationId: null,
  acrValues: [],
  mfa: { acr: [], amr: [] },
}

/** A provider that can be put out of reach, and how often it was asked. */
function discoveryHere() {
  const state = { nowMs: 0, asked: 0, down: false }
  const discover = createDiscovery(
    provider,
    async () => {
      state.asked += 1
      if (state.down) throw new ProviderError('provider-down')
      return Response.json({ issuer, authorization_endpoint: `${issuer}/authorize` })
    },
    () => state.nowMs,
  )
  return { state, discover }
}

describe('the discovery document of a provider', () => {
  it('is asked for once an hour', async () => {
    const { state, discover } = discoveryHere()
    await discover()
    state.nowMs = HOUR_MS - 1
    await discover()
    expect(state.asked).toBe(1)
    state.nowMs = HOUR_MS
    await discover()
    expect(state.asked).toBe(2)
  })

  it('serves on for a day while the provider hangs, which holds one reader in ten seconds and not each', async () => {
    const { state, discover } = discoveryHere()
    await discover()
    state.down = true
    state.nowMs = HOUR_MS
    for (let i = 0; i < 5; i += 1) expect((await discover()).issuer).toBe(issuer)
    expect(state.asked).toBe(2)
    state.nowMs = 24 * HOUR_MS
    await expect(discover()).rejects.toThrow(ProviderError)
    await expect(discover()).rejects.toThrow(ProviderError)
    expect(state.asked).toBe(3)
  })

  it('is asked for again when the pause is over', async () => {
    const { state, discover } = discoveryHere()
    state.down = true
    await expect(discover()).rejects.toThrow(ProviderError)
    state.down = false
    await expect(discover()).rejects.toThrow(ProviderError)
    state.nowMs = 10_000
    expect((await discover()).issuer).toBe(issuer)
    expect(state.asked).toBe(2)
  })
})
