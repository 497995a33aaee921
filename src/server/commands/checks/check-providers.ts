import type { Config } from '../../config/schema.ts'
import { createDiscovery } from '../../identity/account/discovery.ts'
import { believesForeignFactors } from '../../identity/account/provider.ts'
import type { Provider } from '../../identity/account/provider.ts'
import { ProviderError } from '../../identity/account/provider-error.ts'
import { providerFetch } from '../../identity/account/provider-fetch.ts'
import { readProviders } from '../../portal/read-providers.ts'
import { failed, ok, warning } from './finding.ts'
import type { CheckLine } from './finding.ts'

/** A line for each provider of accounts: its secret can be read, and its discovery document is its own. */
export async function* checkProviders(
  { portal }: Config,
  readSecret: (reference: string) => Promise<string>,
): AsyncGenerator<CheckLine> {
  for (const settings of portal.providers) {
    const name = `provider ${settings.id}`
    try {
      const { providers } = await readProviders({ providers: [settings] }, readSecret)
      for (const provider of providers) {
        yield await checkProvider(name, provider)
        if (believesForeignFactors(provider)) yield foreignFactors(name)
      }
    } catch (error) {
      yield failed(name, error instanceof Error ? error.message : String(error))
    }
  }
}

const foreignFactors = (name: string): CheckLine =>
  warning(
    name,
    'mfa is set, and accounts of every tenant may sign in: a tenant whose people sign in at a server of its own ' +
      'says itself whether they used two factors. Name the tenants whose word counts in tenants, or leave mfa empty',
  )

async function checkProvider(name: string, provider: Provider): Promise<CheckLine> {
  try {
    await createDiscovery(provider, providerFetch(fetch), Date.now)()
    return ok(name, `answers as ${provider.issuer}`)
  } catch (error) {
    const isDown = error instanceof ProviderError && error.code === 'provider-down'
    return failed(
      name,
      isDown
        ? `${provider.issuer} does not answer: can this machine reach it over HTTPS?`
        : `the discovery document of ${provider.issuer} is not that of this issuer: correct portal.providers`,
    )
  }
}
