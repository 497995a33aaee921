import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { createMailCollection } from './mail-collection.ts'
import { createMailSink } from './mail-sink.ts'
import { createMailboxApp } from './mailbox-app.ts'
import type { GatewayAddress } from './submit-mail.ts'

/** The mailbox of everyone: where mail of the demo ends up, with a page to read it. */
export interface Mailbox {
  /** @throws Error with `code` `EADDRINUSE` and `port` when a port is taken; nothing is left listening then */
  listen(): Promise<void>
  close(): Promise<void>
  /** `http://127.0.0.1:8081`, once it listens. */
  readonly url: string
  /** The port that takes mail in, once it listens. */
  readonly smtpPort: number
}

export interface MailboxNeeds {
  readonly host?: string
  /** 0: any free port. */
  readonly httpPort: number
  /** 0: any free port. */
  readonly smtpPort: number
  /** Where the compose form sends; a function when it is known only later. */
  readonly gateway: GatewayAddress | (() => GatewayAddress)
  readonly clock?: () => number
  /** `https://mailbox.test` when the mailbox stands behind something that has another name. */
  readonly publicUrl?: string
}

export function createMailbox(needs: MailboxNeeds): Mailbox {
  const { host = '127.0.0.1', clock = Date.now, gateway, publicUrl } = needs
  const mails = createMailCollection()
  const sink = createMailSink({
    host,
    port: needs.smtpPort,
    clock,
    deliver: mail => mails.add(mail),
  })
  const app = createMailboxApp({
    mails,
    clock,
    gateway: typeof gateway === 'function' ? gateway : () => gateway,
    ...(publicUrl === undefined ? {} : { publicUrl }),
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  let ports = { http: needs.httpPort, smtp: needs.smtpPort }
  return {
    async listen() {
      const { port: smtp } = await sink.listen()
      try {
        server.listen(needs.httpPort, host)
        await once(server, 'listening')
      } catch (error) {
        await sink.close()
        throw error
      }
      const address = server.address()
      ports = {
        smtp,
        http: typeof address === 'object' && address !== null ? address.port : ports.http,
      }
    },
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await sink.close()
    },
    get url() {
      return `http://${host}:${ports.http}`
    },
    get smtpPort() {
      return ports.smtp
    },
  }
}
