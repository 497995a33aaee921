import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { makeKeys } from '../../src/server/commands/make-keys.ts'
import type { ConfigInput } from '../../src/server/config/schema.ts'
import { createMailbox } from '../../src/server/demo/mailbox.ts'
import type { Mailbox } from '../../src/server/demo/mailbox.ts'
import { createRootKeyFile } from '../../src/server/keys/root-key.ts'
import { freePort } from '../support/free-port.ts'

const program = fileURLToPath(new URL('../../bin/zegel.js', import.meta.url))
const host = '127.0.0.1'

/** Gateway and portal as processes of their own, and everything that an eavesdropper on the portal has. */
export interface SeparateRoles {
  readonly mailbox: Mailbox
  readonly smtpPort: number
  /** Where browsers go: a recorder in front of the portal. */
  readonly portalUrl: string
  /** Every byte that the portal received and answered. */
  recording(): Buffer
  readonly portal: RunningRole
  /** A copy of all the portal has on disk: its configuration, root key and database. */
  copyPortalFiles(): Promise<string>
}

/**
 * Starts `zegel serve --role portal` and `--role gateway` on one database; stops them with the test.
 * `portalArgs`: of the portal's Node.
 */
export async function startSeparateRoles(
  portalArgs: readonly string[] = [],
): Promise<SeparateRoles> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-roles-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const smtpPort = await freePort()
  const mailbox = createMailbox({ httpPort: 0, smtpPort: 0, gateway: { host, port: smtpPort } })
  await mailbox.listen()
  onTestFinished(() => mailbox.close())
  const portalPort = await freePort()
  const recorder = await startRecorder(portalPort)
  const portalUrl = `http://localhost:${recorder.port}`
  const input = await writeRoles(folder, {
    smtpPort,
    portalPort,
    portalUrl,
    sink: mailbox.smtpPort,
  })
  const portal = await startRole(join(folder, 'portal'), 'portal', portalArgs)
  await startRole(join(folder, 'gateway'), 'gateway')
  return {
    portal,
    mailbox,
    smtpPort,
    portalUrl,
    recording: recorder.bytes,
    async copyPortalFiles() {
      const copy = await mkdtemp(join(tmpdir(), 'zegel-stolen-'))
      onTestFinished(() => rm(copy, { recursive: true, force: true }))
      await cp(join(folder, 'portal'), copy, { recursive: true })
      for (const name of ['zegel.db', 'zegel.db-wal'])
        await cp(join(folder, name), join(copy, name), { force: true }).catch(() => undefined)
      const stolen = { ...input, store: { url: `sqlite:${join(copy, 'zegel.db')}` } }
      await writeFile(join(copy, 'zegel.yaml'), JSON.stringify(stolen))
      return copy
    },
  }
}

interface Ports {
  readonly smtpPort: number
  readonly portalPort: number
  readonly portalUrl: string
  readonly sink: number
}

/** A folder for each role with its own root key alone; the database beside them. */
async function writeRoles(folder: string, ports: Ports): Promise<ConfigInput> {
  const sink = { host, port: ports.sink, tls: 'none' } as const
  const input: ConfigInput = {
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    gateway: { listen: [`${host}:${ports.smtpPort}`], nextHop: sink, rootKey: 'file:gateway.key' },
    portal: {
      url: ports.portalUrl,
      listen: `${host}:${ports.portalPort}`,
      mail: { relay: sink },
      rootKey: 'file:portal.key',
    },
    store: { url: `sqlite:${join(folder, 'zegel.db')}` },
  }
  const both = join(folder, 'both')
  await mkdir(both)
  for (const role of ['gateway', 'portal']) await createRootKeyFile(join(both, `${role}.key`))
  const pinned = await makeKeys(both, input, Date.now)
  for (const role of ['gateway', 'portal']) {
    await mkdir(join(folder, role))
    await cp(join(both, `${role}.key`), join(folder, role, `${role}.key`))
    await writeFile(join(folder, role, 'zegel.yaml'), JSON.stringify(pinned))
  }
  await rm(both, { recursive: true })
  return pinned
}

/** A process of ours. */
export interface RunningRole {
  readonly pid: number
  /** What it has said, on both streams. */
  output(): string
}

async function startRole(
  folder: string,
  role: 'gateway' | 'portal',
  nodeArgs: readonly string[] = [],
): Promise<RunningRole> {
  const args = [
    ...nodeArgs,
    program,
    'serve',
    '--config',
    join(folder, 'zegel.yaml'),
    '--role',
    role,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8')
        if (/^zegel ready/m.test(output)) resolve()
      })
    child.once('exit', code => reject(new Error(`${role} ended with ${code}: ${output}`)))
  })
  return { pid: child.pid ?? 0, output: () => output }
}

/** Passes connections on and keeps every byte of both directions. */
async function startRecorder(target: number): Promise<{ port: number; bytes: () => Buffer }> {
  const recorded: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const portal = connect(target, host)
    for (const [from, to] of [
      [client, portal],
      [portal, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk: Buffer) => recorded.push(chunk))
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  }).listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, bytes: () => Buffer.concat(recorded) }
}
