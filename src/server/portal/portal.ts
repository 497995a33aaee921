import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { HttpBindings } from '@hono/node-server'
import { createMailRelay } from '../identity/mail-relay.ts'
import { assemblePortal } from './assemble-portal.ts'
import { watchKeyPair } from '../config/watch-key-pair.ts'
import {
  closeServer,
  createLimitedServer,
  listenOn,
  parseListenAddress,
  renewCertificate,
} from './http-server.ts'
import { CLOSE_GRACE_MS } from './limits.ts'
import { metricsListener } from './metrics-server.ts'
import { type KeyPair, readKeyPair } from '../config/read-key-pair.ts'
import { readMailServer } from '../config/read-mail-server.ts'
import type { PortalNeeds } from './portal-types.ts'
import type { Route } from './route.ts'
import { answerUnreadable } from './unreadable-request.ts'

/** The service that releases keys, as HTTP. */
export interface Portal {
  /** Answers a request without a socket. */
  fetch(request: Request, env?: Partial<HttpBindings>): Response | Promise<Response>
  /** @throws the system's error, such as `EADDRINUSE` */
  listen(): Promise<{ readonly port: number; readonly metricsPort: number | null }>
  /** Ends within a few seconds; answers and mails under way get that long. */
  close(): Promise<void>
  /** What exists and who may call it. */
  readonly routes: readonly Route[]
}

/** @throws what reading the build, a logo, a certificate or a secret throws */
export async function createPortal(needs: PortalNeeds): Promise<Portal> {
  const { counters, clock, readSecret } = needs
  const settings = needs.config.portal
  const relay = createMailRelay(await readMailServer(settings.mail.relay, readSecret), clock)
  const tls = settings.tls && (await readKeyPair(settings.tls))
  const { app, routes, settle, end } = await assemblePortal(needs, relay)
  const answer = getRequestListener((request, env) => app.fetch(request, env), {
    errorHandler: error => answerUnreadable(error, settings.url.startsWith('https:')),
  })
  const server = createLimitedServer((incoming, outgoing) => void answer(incoming, outgoing), tls)
  const stopWatching = watchCertificate(needs, server, tls)
  const metrics = createLimitedServer(
    metricsListener(() => counters.prometheus()),
    undefined,
  )
  return {
    fetch: (request, env = {}) => app.fetch(request, env),
    routes,
    async listen() {
      const port = await listenOn(server, parseListenAddress(settings.listen))
      if (settings.metrics === '') return { port, metricsPort: null }
      const metricsPort = await listenOn(metrics, parseListenAddress(settings.metrics))
      return { port, metricsPort }
    },
    async close() {
      stopWatching()
      end()
      const servers = [server, metrics].map(each => closeServer(each, CLOSE_GRACE_MS))
      await Promise.all([...servers, withinGrace(settle())])
      relay.close()
      await settle()
    },
  }
}

/** Returns what ends it. */
function watchCertificate(
  { config, log }: PortalNeeds,
  server: Server,
  current: KeyPair | undefined,
): () => void {
  const files = config.portal.tls
  if (files === undefined || current === undefined) return () => undefined
  return watchKeyPair({
    files,
    current,
    take: pair => renewCertificate(server, pair),
    onRenewed: () => log.info('portal-certificate-renewed'),
    onUnusable: error => log.failure('portal-certificate-unusable', error),
  })
}

/** What is not done within the grace is given up. */
async function withinGrace(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise<void>(resolve => {
    timer = setTimeout(resolve, CLOSE_GRACE_MS)
  })
  await Promise.race([work, grace])
  clearTimeout(timer)
}
