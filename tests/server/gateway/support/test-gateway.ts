import { configSchema } from '../../../../src/server/config/schema.ts'
import { createGateway } from '../../../../src/server/gateway/gateway.ts'
import type { Gateway, GatewayNeeds } from '../../../../src/server/gateway/gateway.ts'
import type { GatewayLimits } from '../../../../src/server/gateway/limits.ts'
import { openStore } from '../../../../src/server/store/open-store.ts'
import type { Store } from '../../../../src/server/store/store.ts'
import { createLog } from '../../../../src/server/telemetry/log.ts'
import { makeTestKeys } from './test-keys.ts'
import type { TestKeys } from './test-keys.ts'

export interface TestGatewayOptions {
  readonly nextHopPort: number
  readonly nextHop?: object
  readonly gateway?: object
  readonly policy?: object
  readonly organisations?: readonly object[]
  readonly limits?: Partial<GatewayLimits>
  readonly materialFor?: GatewayNeeds['materialFor']
  readonly store?: Store
  readonly journal?: boolean
}

export interface TestGateway {
  readonly gateway: Gateway
  /** The first address, and the others. */
  readonly port: number
  readonly ports: readonly number[]
  readonly keys: TestKeys
  readonly store: Store
  readonly log: string[]
  close(): Promise<void>
}

let keys: Promise<TestKeys> | undefined

/** A gateway with a real store and real keys, on a free port, that closes quickly. */
export async function startGateway(options: TestGatewayOptions): Promise<TestGateway> {
  keys ??= makeTestKeys()
  const made = await keys
  const store = options.store ?? (await openStore('sqlite::memory:'))
  const log: string[] = []
  const gateway = await createGateway({
    config: testConfig(options),
    materialFor:
      options.materialFor ?? (organisation => Promise.resolve(made.material(organisation))),
    mac: made.mac,
    store,
    readSecret: reference => Promise.resolve(reference.replace(/^env:/, '')),
    clock: () => Date.now(),
    log: createLog({ write: line => log.push(line), clock: () => Date.now() }),
    limits: { closeMs: 300, ...options.limits },
  })
  const bound = await gateway.listen()
  return {
    gateway,
    port: bound[0]?.port ?? 0,
    ports: bound.map(({ port }) => port),
    keys: made,
    store,
    log,
    close: async () => {
      await gateway.close()
      if (options.store === undefined) await store.close()
    },
  }
}

function testConfig(options: TestGatewayOptions) {
  return configSchema.parse({
    organisations: options.organisations ?? [
      {
        id: 'example',
        name: 'Example',
        domains: ['example.com', 'example.net'],
      },
    ],
    gateway: {
      listen: ['127.0.0.1:0'],
      hostname: 'gateway.test',
      nextHop: {
        host: '127.0.0.1',
        port: options.nextHopPort,
        heloName: 'gateway.test',
        ...options.nextHop,
      },
      ...options.gateway,
    },
    policy: options.policy ?? {},
    journal: options.journal ?? true,
  })
}
