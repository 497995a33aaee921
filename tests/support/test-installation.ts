import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'
import { makeKeys } from '../../src/server/commands/make-keys.ts'
import { startInstallation } from '../../src/server/commands/installation.ts'
import { parseConfig } from '../../src/server/config/load-config.ts'
import { createMailbox } from '../../src/server/demo/mailbox.ts'
import { createRootKeyFile } from '../../src/server/keys/root-key.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import type { Store } from '../../src/server/store/store.ts'
import { createLog } from '../../src/server/telemetry/log.ts'
import type { Config, ConfigInput } from '../../src/server/config/schema.ts'
import { freePort } from './free-port.ts'
import { startTlsFront } from './tls-front.ts'
import type { TlsFront } from './tls-front.ts'

/** A mail as the mailbox's API lists it. */
export interface ListedMail {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly date: string
  readonly size: number
}

/** A whole Zegel with everyone's mailbox, behind TLS, with a site for each. */
export interface TestInstallation {
  readonly front: TlsFront
  readonly portalUrl: string
  readonly mailboxUrl: string
  /** The mailbox without TLS, for programs. */
  readonly mailboxApi: string
  readonly smtp: { readonly host: string; readonly port: number }
  readonly folder: string
  /** As in zegel.yaml, with every default. */
  readonly config: Config
  /** What was written to the log so far. */
  readonly log: readonly string[]
  /** Lets the server's clock run ahead by as much more. */
  advance(ms: number): void
  /** Hands a mail to the gateway over SMTP, as a mail program does. */
  send(mail: SendMailOptions): Promise<void>
  listMails(to: string): Promise<readonly ListedMail[]>
  attachment(id: string, name: string): Promise<Buffer>
  /** The database, over a connection of its own, as another process of the installation has it. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>
  /** Ends the program and leaves its files. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface TestInstallationOptions {
  readonly config?: Partial<ConfigInput>
  /** Secrets that the configuration names. */
  readonly environment?: Readonly<Record<string, string>>
  readonly limitScale?: number
}

/** Where every test installation's portal is. */
export const testPortalUrl = 'https://portal.zegel.test'
const portalHost = new URL(testPortalUrl).host
const mailboxHost = 'mailbox.test'

export async function startTestInstallation(
  options: TestInstallationOptions = {},
): Promise<TestInstallation> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-end-to-end-'))
  const front = await startTlsFront()
  let smtp = { host: '127.0.0.1', port: 0 }
  let aheadMs = 0
  const clock = (): number => Date.now() + aheadMs
  const mailbox = createMailbox({
    httpPort: 0,
    smtpPort: 0,
    gateway: () => smtp,
    publicUrl: `https://${mailboxHost}`,
  })
  await mailbox.listen()
  const portalPort = await freePort()
  front.targets.set(portalHost, portalPort)
  front.targets.set(mailboxHost, Number(new URL(mailbox.url).port))
  const log: string[] = []
  const config = await makeConfig(folder, mailbox.smtpPort, portalPort, options.config ?? {}, clock)
  const installation = await startInstallation({
    config,
    role: 'all',
    environment: options.environment ?? {},
    log: createLog({ write: line => void log.push(line), clock }),
    clock,
    limitScale: options.limitScale ?? 100,
  })
  smtp = installation.smtp[0] ?? smtp
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= installation.close())
  const ask = (path: string): Promise<Response> => fetch(`${mailbox.url}/api/messages${path}`)
  return {
    front,
    portalUrl: testPortalUrl,
    mailboxUrl: `https://${mailboxHost}`,
    mailboxApi: mailbox.url,
    smtp,
    folder,
    config,
    log,
    advance(ms) {
      aheadMs += ms
    },
    async send(mail) {
      const transport = createTransport({ ...smtp, ignoreTLS: true, name: 'localhost' })
      await transport.sendMail(mail)
      transport.close()
    },
    listMails: async to =>
      (await (await ask(`?to=${encodeURIComponent(to)}`)).json()) as readonly ListedMail[],
    attachment: async (id, name) =>
      Buffer.from(
        await (await ask(`/${id}/attachments/${encodeURIComponent(name)}`)).arrayBuffer(),
      ),
    async withStore(work) {
      const store = await openStore(config.store.url)
      try {
        return await work(store)
      } finally {
        await store.close()
      }
    },
    stop,
    async close() {
      await stop()
      await mailbox.close()
      await front.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function makeConfig(
  folder: string,
  sinkPort: number,
  portalPort: number,
  more: Partial<ConfigInput>,
  clock: () => number,
): Promise<Config> {
  for (const role of ['gateway', 'portal']) await createRootKeyFile(join(folder, `${role}.key`))
  const sink = { host: '127.0.0.1', port: sinkPort, tls: 'none' } as const
  const input: ConfigInput = {
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    ...more,
    gateway: { listen: ['127.0.0.1:0'], nextHop: sink, ...more.gateway },
    portal: {
      url: testPortalUrl,
      listen: `127.0.0.1:${portalPort}`,
      trustedProxies: ['127.0.0.1'],
      mail: { relay: sink },
      ...more.portal,
    },
  }
  const pinned = await makeKeys(folder, input, clock)
  return parseConfig(JSON.stringify(pinned), join(folder, 'zegel.yaml'), {})
}
