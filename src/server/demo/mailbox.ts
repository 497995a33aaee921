import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { handOn } from './hand-on.ts'
import { inDomains } from './in-domains.ts'
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
  /** Mail from these domains goes through the gateway, also when it is an answer; the default is the demo's. */
  readonly organisation?: readonly string[]
  /** Mail for these domains is handed to the gateway, wherever it comes from: where answers to replies go. */
  readonly replyDomains?: readonly string[]
  readonly clock?: () => number
  /** `https://mailbox.test` when the mailbox stands behind something that has another name. */
  readonly publicUrl?: string
}

export function createMailbox(needs: MailboxNeeds): Mailbox {
  const { host = '127.0.0.1', clock = Date.now, publicUrl } = needs
  const { organisation = ['example.com'], replyDomains = ['replies.example.com'] } = needs
  const gateway = (): GatewayAddress =>
    typeof needs.gateway === 'function' ? needs.gateway() : needs.gateway
  const mails = createMailCollection()
  const sink = createMailSink({
    host,
    port: needs.smtpPort,
    clock,
    deliver: mail => mails.add(mail),
    routed: {
      isRouted: inDomains(replyDomains),
      handOn: mail => handOn(gateway(), mail, clock()),
    },
  })
  let ports = { http: needs.httpPort, smtp: needs.smtpPort }
  const app = createMailboxApp({
    mails,
    clock,
    gateway,
    mailServer: () => ({ host, port: ports.smtp }),
    isInside: inDomains(organisation),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  })
  const server = createAdaptorServer({ fetch: app.fetch })
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
