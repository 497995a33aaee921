import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
import { mutationArgs } from './mutations/mutation-args.ts'
import { startRecorder } from './observe/recorder.ts'
import type { Recorder } from './observe/recorder.ts'

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
  /** One before each server that there is. */
  readonly recorders: Recorders
  readonly portal: RunningRole
  readonly gateway: RunningRole
  /** With a folder for each role, its home and its temporary files, and the database. */
  readonly folder: string
  /** A copy of all the portal has on disk: its configuration, root key and database. */
  copyPortalFiles(): Promise<string>
}

/** Whom a server that is recorded is asked by. */
export interface Recorders {
  /** Browsers → portal. */
  readonly portal: Recorder
  /** The sender's mail server → gateway. */
  readonly gateway: Recorder
  /** Gateway → next hop. */
  readonly nextHop: Recorder
  /** Portal → relay of its own mail. */
  readonly relay: Recorder
  /** Portal → gateway: answers that readers wrote. */
  readonly handOver: Recorder
}

export interface RolesOptions {
  /** Of the portal's Node. */
  readonly portalArgs?: readonly string[]
  /** Of both. */
  readonly nodeArgs?: readonly string[]
  /** Values of the configuration. */
  readonly config?: Partial<ConfigInput>
  /** Takes what is to be done at the end, in the order in which it began; the end of the test when left out. */
  readonly atEnd?: (end: () => unknown) => void
}

/** Starts `zegel serve --role portal` and `--role gateway` on one database. */
export async function startSeparateRoles(options: RolesOptions = {}): Promise<SeparateRoles> {
  const atEnd = options.atEnd ?? (end => onTestFinished(async () => void (await end())))
  const folder = await mkdtemp(join(tmpdir(), 'zegel-roles-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const [smtpPort, portalPort, repliesPort] = [await freePort(), await freePort(), await freePort()]
  const mailbox = createMailbox({ httpPort: 0, smtpPort: 0, gateway: { host, port: smtpPort } })
  await mailbox.listen()
  atEnd(() => mailbox.close())
  const recorders = {
    portal: await startRecorder(portalPort),
    gateway: await startRecorder(smtpPort),
    nextHop: await startRecorder(mailbox.smtpPort),
    relay: await startRecorder(mailbox.smtpPort),
    handOver: await startRecorder(repliesPort),
  }
  atEnd(() => Object.values(recorders).forEach(recorder => recorder.close()))
  const portalUrl = `http://localhost:${recorders.portal.port}`
  const input = await writeRoles(folder, options.config ?? {}, {
    smtpPort,
    portalPort,
    portalUrl,
    repliesPort,
    nextHop: recorders.nextHop.port,
    relay: recorders.relay.port,
    handOver: recorders.handOver.port,
  })
  const { nodeArgs = [], portalArgs = [] } = options
  const start = (role: RoleName, args: readonly string[]): Promise<RunningRole> =>
    startRole(folder, role, [...mutationArgs(), ...nodeArgs, ...args], atEnd)
  const portal = await start('portal', portalArgs)
  const gateway = await start('gateway', [])
  return {
    portal,
    gateway,
    folder,
    mailbox,
    smtpPort: recorders.gateway.port,
    portalUrl,
    recorders,
    recording: () => Buffer.concat([recorders.portal.sent(), recorders.portal.answered()]),
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
  readonly repliesPort: number
  readonly nextHop: number
  readonly relay: number
  readonly handOver: number
}

type RoleName = 'portal' | 'gateway'

/** A folder for each role with its own root key alone; the database beside them. */
async function writeRoles(
  folder: string,
  more: Partial<ConfigInput>,
  ports: Ports,
): Promise<ConfigInput> {
  const input: ConfigInput = {
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    ...more,
    gateway: {
      listen: [`${host}:${ports.smtpPort}`],
      nextHop: { host: 'localhost', port: ports.nextHop, tls: 'none' },
      rootKey: 'file:gateway.key',
      replies: { listen: `${host}:${ports.repliesPort}` },
    },
    portal: {
      url: ports.portalUrl,
      listen: `${host}:${ports.portalPort}`,
      mail: { relay: { host, port: ports.relay, tls: 'none' } },
      rootKey: 'file:portal.key',
      replies: `http://${host}:${ports.handOver}`,
      ...more.portal,
    },
    store: { url: `sqlite:${join(folder, 'zegel.db')}` },
  }
  const both = join(folder, 'both')
  await mkdir(both)
  for (const role of ['gateway', 'portal']) await createRootKeyFile(join(both, `${role}.key`))
  const pinned = await makeKeys(both, input, Date.now)
  for (const role of ['gateway', 'portal']) {
    for (const own of ['home', 'tmp']) await mkdir(join(folder, role, own), { recursive: true })
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
  /** What record-process.ts has written of it. */
  readonly recordFile: string
  /** Ends it as an operator does. */
  stop(): Promise<void>
}

/** With home, temporary and working folder of its own. */
async function startRole(
  folder: string,
  role: RoleName,
  nodeArgs: readonly string[],
  atEnd: (end: () => unknown) => void,
): Promise<RunningRole> {
  const own = join(folder, role)
  const recordFile = join(folder, `${role}.record`)
  const config = join(own, 'zegel.yaml')
  const args = [...nodeArgs, program, 'serve', '--config', config, '--role', role]
  const env = {
    ...process.env,
    HOME: join(own, 'home'),
    TMPDIR: join(own, 'tmp'),
    RECORD_PROCESS_FILE: recordFile,
  }
  const child = spawn(process.execPath, args, { cwd: own, env, stdio: ['ignore', 'pipe', 'pipe'] })
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
  return { pid: child.pid ?? 0, output: () => output, recordFile, stop }
}
