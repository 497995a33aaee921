import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { startDemo } from '../../../src/server/commands/start-demo.ts'
import { freePort } from '../../support/free-port.ts'
import type { ListedMail } from '../../support/test-installation.ts'
import type { Mailboxes } from './reader.ts'

/** The demo with its simulated Microsoft and Google, each on an origin of its own. */
export interface DemoWorld extends Mailboxes {
  readonly portalUrl: string
  readonly providerUrl: string
  send(to: string, subject: string): Promise<void>
  close(): Promise<void>
}

export async function startDemoWorld(): Promise<DemoWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-accounts-'))
  const ports = {
    portal: await freePort(),
    smtp: await freePort(),
    mailbox: await freePort(),
    provider: await freePort(),
  }
  const demo = await startDemo({ folder, ports, terminal: { stderr: process.stderr } })
  const ask = (path: string): Promise<Response> => fetch(`${demo.mailboxUrl}/api/messages${path}`)
  return {
    folder,
    portalUrl: `http://localhost:${ports.portal}`,
    providerUrl: demo.providerUrl ?? '',
    mailboxApi: demo.mailboxUrl,
    async send(to, subject) {
      const server = { host: '127.0.0.1', port: ports.smtp, ignoreTLS: true, name: 'localhost' }
      const transport = createTransport(server)
      await transport.sendMail({ from: 'alice@example.com', to, subject, text: 'Hello' })
      transport.close()
    },
    listMails: async to =>
      (await (await ask(`?to=${encodeURIComponent(to)}`)).json()) as readonly ListedMail[],
    attachment: async (id, name) =>
      Buffer.from(
        await (await ask(`/${id}/attachments/${encodeURIComponent(name)}`)).arrayBuffer(),
      ),
    async close() {
      await demo.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
