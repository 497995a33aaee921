import { join } from 'node:path'
import { parseConfig } from '../config/load-config.ts'
import type { ConfigInput } from '../config/schema.ts'
import { openKeysOfGateway, openKeysOfPortal } from './open-keys.ts'
import { openConfiguredStore } from './open-configured-store.ts'

/** Makes the keys of both roles; returns the portal's fingerprint, which the gateway pins. */
export async function makeKeys(
  folder: string,
  input: ConfigInput,
  clock: () => number,
): Promise<string> {
  const config = parseConfig(JSON.stringify(input), join(folder, 'zegel.yaml'), {})
  const store = await openConfiguredStore(config, {})
  try {
    const needs = { config, store, environment: {}, clock }
    const trustedPortal = (await openKeysOfPortal(needs)).fingerprint()
    await openKeysOfGateway({
      ...needs,
      config: { ...config, gateway: { ...config.gateway, trustedPortal } },
    })
    return trustedPortal
  } finally {
    await store.close()
  }
}
