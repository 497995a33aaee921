import type { Environment } from '../../config/environment.ts'
import type { Config } from '../../config/schema.ts'
import type { Store } from '../../store/store.ts'
import type { GatewayKeys } from '../../keys/gateway-keys.ts'
import { openKeysOfGateway, openKeysOfPortal, trustedGatewaysOf } from '../open-keys.ts'
import { sortSigningKeys } from '../public-keys.ts'
import type { Role } from '../role-option.ts'
import { failed, ok, warning } from './finding.ts'
import { checkClock } from './check-clock.ts'
import type { CheckLine } from './finding.ts'
import { openConfiguredStore } from '../open-configured-store.ts'

/** Database, keys of both roles, and whether the gateway could seal now. */
export async function* checkInstallation(
  config: Config,
  environment: Environment,
): AsyncGenerator<CheckLine> {
  const store = await attempt(() => openConfiguredStore(config, environment))
  if (store instanceof Error) {
    yield failed('database', store.message)
    return
  }
  try {
    await store.ping()
    yield ok('database', config.store.url)
    yield await checkClock(store, Date.now())
    const gateway = await attempt(() =>
      openKeysOfGateway({ config, store, environment, clock: Date.now }),
    )
    const role = gateway instanceof Error ? 'portal' : 'all'
    yield await checkPortalKeys(config, store, environment, role)
    yield* checkGatewayKeys(config, gateway)
    yield* checkSigningKeys(config, store, environment, role)
  } finally {
    await store.close()
  }
}

async function checkPortalKeys(
  config: Config,
  store: Store,
  environment: Environment,
  role: Role,
): Promise<CheckLine> {
  const name = "portal's keys"
  const keys = await attempt(() =>
    openKeysOfPortal({ config, store, environment, clock: Date.now }, role),
  )
  if (keys instanceof Error) return explain(name, keys, 'this is no host of the portal')
  return keys.fingerprint() === config.gateway.trustedPortal
    ? ok(name, `open with portal.rootKey; fingerprint ${keys.fingerprint()}`)
    : failed(
        name,
        `their fingerprint is ${keys.fingerprint()}, but gateway.trustedPortal is another: mail would not be sealed for this portal`,
      )
}

async function* checkGatewayKeys(
  config: Config,
  keys: GatewayKeys | Error,
): AsyncGenerator<CheckLine> {
  const name = "gateway's keys"
  if (keys instanceof Error) {
    yield explain(name, keys, 'this is no host of the gateway')
    return
  }
  yield ok(name, `open with gateway.rootKey; fingerprint ${keys.fingerprint()}`)
  for (const { id } of config.organisations) {
    const material = await attempt(() => keys.materialFor(id, null, Date.now()))
    yield material instanceof Error
      ? failed(`sealing for ${id}`, material.message)
      : ok(`sealing for ${id}`, `key ${material.sealingKeyId}`)
  }
}

/** Whether the portal believes every signing key: mail that was signed by another does not open. */
async function* checkSigningKeys(
  config: Config,
  store: Store,
  environment: Environment,
  role: Role,
): AsyncGenerator<CheckLine> {
  const name = 'signing keys'
  const needs = { config, store, environment, clock: Date.now }
  const trusted = await attempt(() => trustedGatewaysOf(needs, role))
  // Without any, the lines of the portal's and the gateway's keys have said so.
  if (trusted instanceof Error || trusted.length === 0) return
  const { believed, doubted } = await sortSigningKeys(store, config, trusted)
  for (const { id, organisationId } of doubted)
    yield warning(
      name,
      `no gateway of portal.trustedGateways vouches for ${id} of ${organisationId}: mail that it signed does not open; if you made it, zegel keys certify ${id}; if not, someone may have changed the database`,
    )
  if (doubted.length === 0)
    yield ok(name, `${believed.length}, each certified by a trusted gateway`)
}

/** A root key that is not on this machine is no fault where the other role runs. */
function explain(name: string, error: Error, other: string): CheckLine {
  const missing = 'code' in error && error.code === 'missing'
  return missing ? warning(name, `${error.message}; fine if ${other}`) : failed(name, error.message)
}

async function attempt<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
