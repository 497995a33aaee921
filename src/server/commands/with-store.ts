import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import type { Store } from '../store/store.ts'
import type { Terminal } from './terminal.ts'
import { openConfiguredStore } from './open-configured-store.ts'

/** What `--config` is when it is not given. */
export const defaultConfigPath = 'zegel.yaml'

/** @throws ConfigError */
export const readConfig = (path: string | undefined, terminal: Terminal): Promise<Config> =>
  loadConfig(path ?? defaultConfigPath, terminal.env)

/** Does something with an installation's database, and closes it whatever happens. */
export async function withStore<T>(
  configPath: string | undefined,
  terminal: Terminal,
  work: (installation: { config: Config; store: Store }) => Promise<T>,
): Promise<T> {
  const config = await readConfig(configPath, terminal)
  const store = await openConfiguredStore(config, terminal.env)
  try {
    return await work({ config, store })
  } finally {
    await store.close()
  }
}

/** Lists of several organisations as one. */
export const newestFirst = <T>(
  lists: readonly (readonly T[])[],
  timeOf: (entry: T) => number,
  limit: number,
): readonly T[] =>
  lists
    .flat()
    .toSorted((a, b) => timeOf(b) - timeOf(a))
    .slice(0, limit)
