import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { exportJWK, generateKeyPair } from 'jose'
import { createAccountBook } from './account-book.ts'
import { createProviderApp } from './provider-app.ts'
import { createInstance } from './provider-instance.ts'
import type { ProviderInstance } from './provider-instance.ts'
import { TENANTS } from './simulated-account.ts'

/** Plays Microsoft and Google for the demo and for tests, with a real OpenID provider. */
export interface SimulatedProvider {
  /**
   * Returns the port.
   * @throws Error with `code` `EADDRINUSE` when the port is taken; what oidc-provider throws when it is not installed
   */
  listen(): Promise<number>
  close(): Promise<void>
  /** `http://127.0.0.1:8082`, once it listens. */
  readonly url: string
  /** What `portal.providers` of a configuration says of it, once it listens. */
  readonly settings: readonly SimulatedSettings[]
}

export interface SimulatedSettings {
  readonly id: 'microsoft' | 'google'
  readonly kind: 'microsoft' | 'google'
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly mfa: { readonly acr: string[]; readonly amr: string[] }
}

export interface SimulatedProviderNeeds {
  readonly host?: string
  /** 0: any free port. */
  readonly port: number
  /** `http://localhost:8080` */
  readonly portalUrl: string
  /** `https://accounts.test` when it stands behind something that has another name. */
  readonly publicUrl?: string
}

/** It guards nothing, as everything here; the name of a variable keeps it out of files. */
export const SIMULATED_CLIENT = {
  clientId: 'zegel-demo',
  clientSecret: 'simulated-and-no-secret',
  clientSecretVariable: 'ZEGEL_DEMO_PROVIDER_SECRET',
} as const

export function createSimulatedProvider(needs: SimulatedProviderNeeds): SimulatedProvider {
  const { host = '127.0.0.1' } = needs
  let url = ''
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  return {
    async listen() {
      const port = await listenOn(server, host, needs.port)
      url = needs.publicUrl ?? `http://${host}:${port}`
      try {
        answer = await createAnswer(needs, `http://${host}:${port}`, url)
        return port
      } catch (error) {
        await closeServer(server)
        throw error
      }
    },
    close: () => closeServer(server),
    get url() {
      return url
    },
    get settings() {
      const client = {
        clientId: SIMULATED_CLIENT.clientId,
        clientSecret: `env:${SIMULATED_CLIENT.clientSecretVariable}`,
        mfa: { acr: [], amr: ['mfa'] },
      }
      return [
        { id: 'microsoft', kind: 'microsoft', issuer: `${url}/microsoft/common/v2.0`, ...client },
        { id: 'google', kind: 'google', issuer: `${url}/google`, ...client },
      ] as const
    },
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const issuerPath = (instance: string): string =>
  instance === 'google' ? '/google' : `/microsoft/${instance}/v2.0`

async function createAnswer(
  needs: SimulatedProviderNeeds,
  ownUrl: string,
  publicUrl: string,
): Promise<Answer> {
  const accounts = createAccountBook()
  const codes = new Map<string, string>()
  const clients = [
    {
      ...SIMULATED_CLIENT,
      redirectUris: ['microsoft', 'google'].map(name => `${needs.portalUrl}/auth/${name}/callback`),
    },
  ]
  const keys = await (signingKeys ??= makeSigningKeys())
  const instances = new Map<string, ProviderInstance>()
  for (const name of [...Object.values(TENANTS), 'google']) {
    const key = name === 'google' ? keys.google : keys.microsoft
    const issuer = `${publicUrl}${issuerPath(name)}`
    const onCode = (code: string) => remember(codes, code, name)
    instances.set(
      issuerPath(name),
      await createInstance({ issuer, clients, accounts, key, onCode }),
    )
  }
  const app = createProviderApp({
    accounts,
    url: publicUrl,
    ownUrl,
    publicUrl: needs.publicUrl,
    portalOrigin: new URL(needs.portalUrl).origin,
    issuerPath,
    instanceOfCode: code => codes.get(code),
  })
  const page = getRequestListener(app.fetch)
  return (request, response) => {
    const path = (request.url ?? '').replace(/^\/instance(?=\/)/, '')
    const isOwn = path === request.url && OURS.test(path)
    const mount = isOwn
      ? undefined
      : [...instances.keys()].find(each => path.startsWith(`${each}/`))
    const instance = mount === undefined ? undefined : instances.get(mount)
    if (instance === undefined) return void page(request, response)
    request.url = path
    instance.handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400)
      response.end()
    })
  }
}

/** Of the paths below an issuer, those that the pages answer. */
const OURS = /^\/google\/(?:authorize|continue|\.well-known\/openid-configuration)(?:\?|$)/

/** A code lives for a minute; so many are not under way. */
function remember(codes: Map<string, string>, code: string, instance: string): void {
  codes.set(code, instance)
  const [oldest] = codes.keys()
  if (codes.size > 1000 && oldest !== undefined) codes.delete(oldest)
}

/** Made once in a process: the search for the primes of an RSA key takes longer than all else that begins here. */
let signingKeys: ReturnType<typeof makeSigningKeys> | undefined

async function makeSigningKeys() {
  const [microsoft, google] = await Promise.all([signingKey('microsoft'), signingKey('google')])
  return { microsoft, google }
}

async function signingKey(name: string) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: `simulated-${name}`, alg: 'RS256', use: 'sig' }
}

async function listenOn(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
