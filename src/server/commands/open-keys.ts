import type { Environment } from '../config/environment.ts'
import type { Config } from '../config/schema.ts'
import { openGatewayKeys } from '../keys/gateway-keys.ts'
import type { GatewayKeys } from '../keys/gateway-keys.ts'
import { saltStore } from '../keys/own-keys.ts'
import { openPortalKeys } from '../keys/portal-keys.ts'
import type { PortalKeys } from '../keys/portal-keys.ts'
import { openRootKey } from '../keys/root-key.ts'
import type { RootKey } from '../keys/root-key.ts'
import type { Store } from '../store/store.ts'

export interface KeyNeeds {
  readonly config: Pick<Config, 'organisations' | 'gateway' | 'portal'>
  readonly store: Pick<Store, 'organisationKeys'>
  readonly environment: Environment
  readonly clock: () => number
}

/** Opens the gateway's root key and nothing of the portal's. protocol.md §0 */
export async function openKeysOfGateway(needs: KeyNeeds): Promise<GatewayKeys> {
  const { config, store, clock } = needs
  return openGatewayKeys({
    store,
    rootKey: await rootKeyOf(needs, 'gateway'),
    organisations: config.organisations,
    trustedPortal: config.gateway.trustedPortal,
    clock,
  })
}

/** Opens the portal's root key and nothing of the gateway's. protocol.md §0 */
export async function openKeysOfPortal(needs: KeyNeeds): Promise<PortalKeys> {
  const { config, store, clock } = needs
  const rootKey = await rootKeyOf(needs, 'portal')
  return openPortalKeys({ store, rootKey, organisations: config.organisations, clock })
}

const rootKeyOf = (
  { config, store, environment, clock }: KeyNeeds,
  role: 'gateway' | 'portal',
): Promise<RootKey> =>
  openRootKey(config[role].rootKey, environment, saltStore(store.organisationKeys, role, clock()))
