import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConfigInput } from '../../../src/server/config/schema.ts'
import { createMailbox } from '../../../src/server/demo/mailbox.ts'
import type { Mailbox } from '../../../src/server/demo/mailbox.ts'
import {
  SIMULATED_CLIENT,
  createSimulatedProvider,
} from '../../../src/server/demo/provider/simulated-provider.ts'
import { openGatewayCertifier } from '../../../src/server/keys/gateway-certifier.ts'
import { createRootKeyFile, rootKey } from '../../../src/server/keys/root-key.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { freePort } from '../../support/free-port.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import type { TestDatabase } from '../../support/test-database.ts'

const program = fileURLToPath(new URL('../../../bin/zegel.js', import.meta.url))
const host = '127.0.0.1'

/** A portal process of several that share one database. */
export interface PortalNode {
  readonly port: number
  readonly folder: string
  /** Ends it as an operator does. */
  stop(): Promise<void>
}

export interface Nodes {
  readonly database: TestDatabase
  readonly mailbox: Mailbox
  /** The address that browsers know; whatever stands in front chooses the node. */
  readonly portalUrl: string
  readonly portals: readonly PortalNode[]
  /** Starts the gateway, which pins the portals' fingerprint; returns its SMTP port. */
  startGateway(trustedPortal: string): Promise<number>
}

/** Does the work when the processes are needed no longer; what came last, first. */
export type AtEnd = (work: () => Promise<void>) => void

/**
 * Starts so many `zegel serve --role portal` at once on a new PostgreSQL database, empty unless a gateway has started
 * there before, which the portals pin.
 */
export async function startPortals(
  count: number,
  atEnd: AtEnd,
  first: 'empty' | 'gateway' = 'empty',
): Promise<Nodes> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-nodes-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const database = await createTestDatabase()
  atEnd(() => database.remove())
  const smtpPort = await freePort()
  const mailbox = createMailbox({ httpPort: 0, smtpPort: 0, gateway: { host, port: smtpPort } })
  await mailbox.listen()
  atEnd(() => mailbox.close())
  for (const role of ['gateway', 'portal']) await createRootKeyFile(join(folder, `${role}.key`))
  const portalUrl = `http://localhost:${await freePort()}`
  const provider = createSimulatedProvider({ port: 0, portalUrl })
  await provider.listen()
  atEnd(() => provider.close())
  const ports = await Promise.all(Array.from({ length: count }, () => freePort()))
  let trustedGateways = ['ab'.repeat(32)]
  const configure = (portalPort: number, trustedPortal: string): ConfigInput => {
    const sink = { host, port: mailbox.smtpPort, tls: 'none' } as const
    return {
      organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
      gateway: {
        listen: [`${host}:${smtpPort}`],
        nextHop: sink,
        rootKey: `file:${join(folder, 'gateway.key')}`,
        trustedPortal,
      },
      portal: {
        url: portalUrl,
        listen: `${host}:${portalPort}`,
        trustedProxies: [host],
        mail: { relay: sink },
        providers: provider.settings.map(settings => ({ ...settings })),
        rootKey: `file:${join(folder, 'portal.key')}`,
        trustedGateways,
      },
      store: { url: database.url },
    }
  }
  if (first === 'gateway')
    trustedGateways = [await gatewayFingerprint(database.url, join(folder, 'gateway.key'))]
  const portals = await Promise.all(
    ports.map(async (port, i) => {
      const own = join(folder, `portal-${i}`)
      return { port, folder: own, stop: await startRole(own, 'portal', configure(port, ''), atEnd) }
    }),
  )
  return {
    database,
    mailbox,
    portalUrl,
    portals,
    async startGateway(trustedPortal) {
      await startRole(
        join(folder, 'gateway'),
        'gateway',
        configure(ports[0] ?? 0, trustedPortal),
        atEnd,
      )
      return smtpPort
    },
  }
}

/** Makes the gateway's certifying key, as its first start does. */
async function gatewayFingerprint(url: string, keyFile: string): Promise<string> {
  const store = await openStore(url)
  const keys = store.organisationKeys
  const needs = { keys, rootKey: rootKey(await readFile(keyFile)), clock: Date.now }
  const { fingerprint } = await openGatewayCertifier(needs)
  await store.close()
  return fingerprint
}

/** Returns how to end it; the test ends it otherwise. */
async function startRole(
  folder: string,
  role: 'gateway' | 'portal',
  config: ConfigInput,
  atEnd: AtEnd,
): Promise<() => Promise<void>> {
  await mkdir(folder)
  await writeFile(join(folder, 'zegel.yaml'), JSON.stringify(config))
  const args = [program, 'serve', '--config', join(folder, 'zegel.yaml'), '--role', role]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [SIMULATED_CLIENT.clientSecretVariable]: SIMULATED_CLIENT.clientSecret },
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  atEnd(stop)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8')
        if (/^zegel ready/m.test(output)) resolve()
      })
    child.once('exit', code => reject(new Error(`${role} ended with ${code}: ${output}`)))
  })
  return stop
}
