import { describe, expect, it } from 'vitest'
import { checkProviders } from '../../../src/server/commands/checks/check-providers.ts'
import { configSchema } from '../../../src/server/config/schema.ts'
import { accountPortal } from '../portal/support/account-portal.ts'
import { lyingProvider } from '../portal/support/lying-provider.ts'

const check = async (providers: readonly object[], secret = 'x') => {
  const organisations = [{ id: 'example', name: 'Example', domains: ['example.com'] }]
  const config = configSchema.parse({ organisations, portal: { providers } })
  const readSecret = async () => {
    if (secret === '') throw new Error('the environment has no SECRET: set it')
    return secret
  }
  return Array.fromAsync(checkProviders(config, readSecret))
}

describe('zegel check, providers of accounts', () => {
  it('says of each whether it answers as the issuer that it should be', async () => {
    const [good, liar] = [await lyingProvider(), await lyingProvider()]
    liar.lies.metadata = { issuer: good.issuer }
    const down = good.settings('down', { issuer: 'http://127.0.0.1:1' })
    const lines = await check([good.settings('good'), liar.settings('liar'), down])
    expect(lines.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'provider good ok',
      'provider liar failed',
      'provider down failed',
    ])
    expect(lines[2]?.detail).toContain('does not answer')
  })

  it('warns where every tenant of Microsoft is believed about two factors', async () => {
    const answered = await accountPortal()
    const [microsoft = {}] = answered.provider.settings
    const statesOf = async (more: object) =>
      (await check([{ ...microsoft, ...more }])).map(({ state }) => state)
    const none = { mfa: { acr: [], amr: [] } }
    const tenants = ['11111111-2222-3333-4444-555555555555']
    expect(await statesOf(none)).toEqual(['ok'])
    expect(await statesOf({ tenants })).toEqual(['ok'])
    expect(await statesOf({})).toEqual(['ok', 'warning'])
    const [, line] = await check([microsoft])
    expect(line?.detail).toContain('tenants')
  })

  it('says so when the secret is not there', async () => {
    const good = await lyingProvider()
    expect(await check([good.settings('good')], '')).toMatchObject([
      { state: 'failed', detail: 'the environment has no SECRET: set it' },
    ])
  })
})
