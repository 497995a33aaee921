import type { Environment } from '../config/environment.ts'
import { readSecret } from '../config/read-secret.ts'
import type { Config } from '../config/schema.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'

/**
 * The database that the configuration names.
 *
 * @throws SecretError, StoreError
 */
export async function openConfiguredStore(
  config: Pick<Config, 'store'>,
  environment: Environment,
): Promise<Store> {
  return openStore(config.store.url, await storePassword(config, environment))
}

/** @throws SecretError */
export const storePassword = async (
  { store: { password } }: Pick<Config, 'store'>,
  environment: Environment,
): Promise<string | undefined> =>
  password === undefined ? undefined : readSecret(password, environment)
