import { join } from 'node:path'
import { parseConfig } from '../config/load-config.ts'
import type { ConfigInput } from '../config/schema.ts'
import { openKeysOfGateway, openKeysOfPortal, trustedGatewaysOf } from './open-keys.ts'
import { openConfiguredStore } from './open-configured-store.ts'

/** Makes the keys of both roles; returns the configuration with the fingerprints by which each pins the other. */
export async function makeKeys(
  folder: string,
  input: ConfigInput,
  clock: () => number,
): Promise<ConfigInput> {
  const config = parseConfig(JSON.stringify(input), join(folder, 'zegel.yaml'), {})
  const store = await openConfiguredStore(config, {})
  try {
    const needs = { config, store, environment: {}, clock }
    const trustedGateways = [...(await trustedGatewaysOf(needs, 'all'))]
    const trustedPortal = (await openKeysOfPortal(needs, 'all')).fingerprint()
    const gateway = { ...config.gateway, trustedPortal }
    await openKeysOfGateway({ ...needs, config: { ...config, gateway } })
    return {
      ...input,
      gateway: { ...input.gateway, trustedPortal },
      portal: { ...input.portal, trustedGateways },
    }
  } finally {
    await store.close()
  }
}
