import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseConfig } from '../config/load-config.ts'
import type { ConfigInput } from '../config/schema.ts'
import { sendFirstMessage } from '../demo/first-message.ts'
import { createMailbox } from '../demo/mailbox.ts'
import { SIMULATED_CLIENT, createSimulatedProvider } from '../demo/provider/simulated-provider.ts'
import type { SimulatedProvider } from '../demo/provider/simulated-provider.ts'
import { createRootKeyFile } from '../keys/root-key.ts'
import { createLog } from '../telemetry/log.ts'
import { closeInOrder } from './close-in-order.ts'
import type { DemoPorts } from './demo-ports.ts'
import { startInstallation } from './installation.ts'
import type { Installation } from './installation.ts'
import type { Terminal } from './terminal.ts'
import { makeKeys } from './make-keys.ts'

export interface DemoNeeds {
  /** Where keys and database are kept. */
  readonly folder: string
  readonly ports: DemoPorts
  readonly terminal: Pick<Terminal, 'stderr'>
}

export interface RunningDemo {
  readonly installation: Installation
  readonly mailboxUrl: string
  /** Null when oidc-provider, an optional dependency, is not installed. */
  readonly providerUrl: string | null
  close(): Promise<void>
}

const host = '127.0.0.1'
/** One person plays everyone: sender, readers, whoever tries wrong passcodes. */
const limitScale = 100

/** Portal, gateway and everyone's mailbox in one process; a first message is in the mailbox. contract.md, Demo */
export async function startDemo({ folder, ports, terminal }: DemoNeeds): Promise<RunningDemo> {
  const running: (() => Promise<void>)[] = []
  const close = (): Promise<void> => closeInOrder(running.splice(0).toReversed())
  const gateway = { host, port: ports.smtp }
  try {
    const mailbox = createMailbox({ httpPort: ports.mailbox, smtpPort: 0, gateway })
    await mailbox.listen()
    running.push(() => mailbox.close())
    const provider = await startProvider(ports)
    running.push(async () => provider?.close())
    const installation = await startInstallation({
      config: await demoConfig(folder, demoInput(ports, mailbox.smtpPort, provider)),
      role: 'all',
      environment: { [SIMULATED_CLIENT.clientSecretVariable]: SIMULATED_CLIENT.clientSecret },
      log: createLog({
        write: line => void terminal.stderr.write(line),
        clock: Date.now,
        level: 'warn',
      }),
      clock: Date.now,
      limitScale,
      demo: true,
    })
    running.push(() => installation.close())
    await sendFirstMessage({ gateway })
    const providerUrl = provider?.url ?? null
    return { installation, mailboxUrl: mailbox.url, providerUrl, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The demo's configuration is made anew each time; only keys and database stay. */
async function demoConfig(
  folder: string,
  input: ConfigInput,
): Promise<ReturnType<typeof parseConfig>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of ['gateway.key', 'portal.key'])
    if (!existsSync(join(folder, name))) await createRootKeyFile(join(folder, name))
  const pinned = await makeKeys(folder, input, Date.now)
  return parseConfig(JSON.stringify(pinned), join(folder, 'zegel.yaml'), {})
}

/** Null when it is not installed: the demo goes without. */
async function startProvider(ports: DemoPorts): Promise<SimulatedProvider | null> {
  const portalUrl = `http://localhost:${ports.portal}`
  const provider = createSimulatedProvider({ port: ports.provider, portalUrl })
  try {
    await provider.listen()
    return provider
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      return null
    throw error
  }
}

function demoInput(
  ports: DemoPorts,
  sinkPort: number,
  provider: SimulatedProvider | null,
): ConfigInput {
  const sink = { host, port: sinkPort, tls: 'none' } as const
  return {
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    gateway: { listen: [`${host}:${ports.smtp}`], nextHop: sink },
    portal: {
      url: `http://localhost:${ports.portal}`,
      listen: `${host}:${ports.portal}`,
      mail: { relay: sink },
      providers: [...(provider?.settings ?? [])],
    },
  }
}
