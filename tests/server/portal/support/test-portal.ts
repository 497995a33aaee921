import { onTestFinished } from 'vitest'
import { configSchema } from '../../../../src/server/config/schema.ts'
import { overridesOf } from '../../../../src/server/keys/release-key.ts'
import { createPortal } from '../../../../src/server/portal/portal.ts'
import type { Portal } from '../../../../src/server/portal/portal.ts'
import type { PortalNeeds, Replies } from '../../../../src/server/portal/portal-types.ts'
import { createCounters } from '../../../../src/server/telemetry/counters.ts'
import type { Counters } from '../../../../src/server/telemetry/counters.ts'
import { createLog } from '../../../../src/server/telemetry/log.ts'
import { installation } from '../../keys/installation.ts'
import type { Installation } from '../../keys/installation.ts'
import { browserFolder } from './browser-folder.ts'
import { passcodeSink } from './passcode-sink.ts'
import type { PasscodeSink } from './passcode-sink.ts'
import { ORIGIN } from './visitor.ts'

export interface TestPortal {
  readonly here: Installation
  readonly portal: Portal
  readonly sink: PasscodeSink
  readonly counters: Counters
  /** Everything that was logged. */
  readonly logged: string[]
  /**
   * A further node on the same database.
   * @param changed values of `portal` in its zegel.yaml that differ
   */
  anotherNode(changed?: Readonly<Record<string, unknown>>): Promise<Portal>
}

export interface TestPortalOptions {
  /** Values of `portal` in zegel.yaml. */
  readonly portal?: Readonly<Record<string, unknown>>
  readonly organisations?: readonly Readonly<Record<string, unknown>>[]
  readonly needs?: Partial<PortalNeeds>
  /** Where replies go, and how long they may be; nowhere when left out. */
  readonly replies?: Pick<Replies, 'handOverTo'> & Partial<Pick<Replies, 'maxBytes'>>
  readonly sink?: PasscodeSink
  /** `telemetry.enabled`; true when left out. */
  readonly telemetry?: boolean
}

const MIB = 1024 * 1024

const ORGANISATIONS = [
  { id: 'example', name: 'Example & Sons', domains: ['example.com'] },
  { id: 'other', name: 'Other', domains: ['other.test'] },
]

/** A whole portal with real keys, a real database and a real mail server behind it. */
export async function testPortal(options: TestPortalOptions = {}): Promise<TestPortal> {
  const here = await installation()
  const sink = options.sink ?? (await passcodeSink())
  const logged: string[] = []
  const clock = () => here.clockMs
  const log = createLog({ write: line => logged.push(line), clock, level: 'debug' })
  const counters = createCounters({
    write: (...count) => here.store.usage.add(...count),
    writeOrganisation: (...count) => here.store.usage.addOfOrganisation(...count),
    clock,
    enabled: options.telemetry ?? true,
  })
  const folder = await browserFolder()
  const start = async (changed: Readonly<Record<string, unknown>> = {}) => {
    const settings = { ...options, portal: { ...options.portal, ...changed } }
    const portal = await createPortal({
      config: configOf(settings, sink.port),
      openStanza: here.portal.openStanza,
      releaseKey: here.releaseKey,
      overridesOf: policy => overridesOf(here.store.overrides, policy),
      secret: name => here.portal.secret(name),
      ring: name => here.portal.ring(name),
      store: here.store,
      readSecret: () => Promise.reject(new Error('no secret is configured')),
      browserFolder: folder,
      version: '0.0.0-test',
      log,
      counters,
      clock,
      ...(options.replies && {
        replies: { maxBytes: 4 * MIB, ...options.replies, sign: here.portal.signHandOver },
      }),
      ...options.needs,
    })
    onTestFinished(() => portal.close())
    return portal
  }
  return { here, portal: await start(), sink, counters, logged, anotherNode: start }
}

function configOf({ portal, organisations }: TestPortalOptions, relayPort: number) {
  return configSchema.parse({
    organisations: organisations ?? ORGANISATIONS,
    portal: {
      url: ORIGIN,
      listen: '127.0.0.1:0',
      mail: { relay: { host: '127.0.0.1', port: relayPort, tls: 'none' } },
      ...portal,
    },
  })
}
