import type { Environment } from '../config/environment.ts'
import { replyDomainsOf } from '../config/reply-domain.ts'
import type { Config } from '../config/schema.ts'
import { openGatewayCertifier } from '../keys/gateway-certifier.ts'
import { openGatewayKeys } from '../keys/gateway-keys.ts'
import type { GatewayKeys } from '../keys/gateway-keys.ts'
import { KeyError } from '../keys/key-error.ts'
import { saltStore } from '../keys/own-keys.ts'
import { openPortalKeys, openSecrets } from '../keys/portal-keys.ts'
import type { PortalKeys, SecretName } from '../keys/portal-keys.ts'
import { openRootKey } from '../keys/root-key.ts'
import type { RootKey } from '../keys/root-key.ts'
import type { Store } from '../store/store.ts'
import type { Role } from './role-option.ts'

export interface KeyNeeds {
  readonly config: Pick<Config, 'organisations' | 'gateway' | 'portal'>
  readonly store: Pick<Store, 'organisationKeys'>
  readonly environment: Environment
  readonly clock: () => number
}

/**
 * Opens the gateway's root key and nothing of the portal's. protocol.md §0
 *
 * @throws KeyError `untrusted-gateway` when the same file says that the portal believes other gateways alone
 */
export async function openKeysOfGateway(needs: KeyNeeds): Promise<GatewayKeys> {
  const { config, store, clock } = needs
  const keys = await openGatewayKeys({
    store,
    rootKey: await rootKeyOf(needs, 'gateway'),
    organisations: config.organisations,
    trustedPortal: config.gateway.trustedPortal,
    clock,
  })
  const { trustedGateways } = config.portal
  if (trustedGateways.length > 0 && !trustedGateways.includes(keys.fingerprint()))
    throw new KeyError(
      'untrusted-gateway',
      `portal.trustedGateways does not name this gateway, so the portal would open none of its mail: add '${keys.fingerprint()}' to it; if nobody has changed gateway.rootKey or made the database anew, someone may have changed the database`,
    )
  return keys
}

/**
 * Opens the portal's root key and, unless the process is both roles (`all`), nothing of the gateway's. protocol.md §0
 *
 * @throws KeyError `no-trusted-gateway` for a portal of its own whose configuration pins none
 */
export async function openKeysOfPortal(needs: KeyNeeds, role: Role): Promise<PortalKeys> {
  const { config, store, clock } = needs
  const trustedGateways = await trustedGatewaysOf(needs, role)
  const rootKey = await rootKeyOf(needs, 'portal')
  return openPortalKeys({
    store,
    rootKey,
    organisations: config.organisations.map(organisation => ({
      ...organisation,
      replyDomains: replyDomainsOf(organisation),
    })),
    trustedGateways,
    clock,
  })
}

/** The secrets under which the portal keeps addresses. @throws KeyError `wrong-root-key` */
export async function openHashSecrets(needs: KeyNeeds): Promise<Record<SecretName, Uint8Array>> {
  return openSecrets({ ...needs, rootKey: await rootKeyOf(needs, 'portal') })
}

/**
 * Fingerprints of the gateways whose signing keys are believed: those that the configuration pins. When it pins none and
 * the process has the gateway's root key too, it is the certifying key that this root key wraps: nobody else can make one.
 */
export async function trustedGatewaysOf(needs: KeyNeeds, role: Role): Promise<readonly string[]> {
  const { trustedGateways } = needs.config.portal
  if (trustedGateways.length > 0 || role !== 'all') return trustedGateways
  const rootKey = await rootKeyOf(needs, 'gateway')
  const keys = needs.store.organisationKeys
  const { fingerprint } = await openGatewayCertifier({ keys, rootKey, clock: needs.clock })
  return [fingerprint]
}

const rootKeyOf = (
  { config, store, environment, clock }: KeyNeeds,
  role: 'gateway' | 'portal',
): Promise<RootKey> =>
  openRootKey(config[role].rootKey, environment, saltStore(store.organisationKeys, role, clock()))
