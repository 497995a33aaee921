import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose'
import type { JWTHeaderParameters } from 'jose'
import { onTestFinished } from 'vitest'

export type Claims = Readonly<Record<string, unknown>>

/** What the provider says instead of the truth; each field replaces what an honest one would say. */
export interface Lies {
  /** On top of the honest claims of the ID token. */
  claims?: Claims
  /** Makes the ID token from the honest claims. */
  token?: (claims: Claims) => Promise<string> | string
  /** On top of the honest discovery document. */
  metadata?: Claims
  /** Answers the token request itself. */
  answer?: (response: ServerResponse) => void
  /** Takes any code, whoever's it is and whatever the verifier. */
  takesAnyCode?: boolean
}

/** An OpenID provider over real HTTP that says whatever a test wants; honest unless told otherwise. */
export interface LyingProvider {
  readonly issuer: string
  readonly lies: Lies
  /** What was asked of the token endpoint. */
  readonly asked: URLSearchParams[]
  readonly publicKeyPem: string
  /** A code as after a sign-in at the authorization endpoint. */
  issueCode(location: URL): string
  /** An ID token that is properly signed. */
  sign(claims: Claims, header?: Partial<JWTHeaderParameters>): Promise<string>
  settings(id: string, more?: object): object
}

interface Code {
  readonly challenge: string
  readonly nonce: string | null
}

/** Made once each: the search for the primes of an RSA key takes longer than most tests. */
const keyPairs = new Map<string, ReturnType<typeof generateKeyPair>>()

/** @param keyName providers of one test that must not have one key have two names of keys */
export async function lyingProvider(keyName = 'usual'): Promise<LyingProvider> {
  const found = keyPairs.get(keyName) ?? generateKeyPair('RS256', { extractable: true })
  keyPairs.set(keyName, found)
  const { privateKey, publicKey } = await found
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, Code>()
  const lies: Lies = {}
  const asked: URLSearchParams[] = []
  const server = createServer((request, response) => {
    route(request, response).catch(() => response.destroy()) // whoever asked has left
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  const sign = (claims: Claims, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
      .sign(privateKey)

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/.well-known/openid-configuration') return json(response, metadata())
    if (request.url === '/jwks') return json(response, { keys: [jwk] })
    const parameters = new URLSearchParams(await bodyOf(request))
    asked.push(parameters)
    if (lies.answer !== undefined) return lies.answer(response)
    const code = takeCode(parameters)
    if (code === null) return json(response, { error: 'invalid_grant' }, 400)
    const id_token = await (lies.token ?? sign)({ ...honest(code), ...lies.claims })
    json(response, {
      access_token: 'ACCESS-CANARY',
      token_type: 'Bearer',
      expires_in: 60,
      id_token,
    })
  }
  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    authorization_response_iss_parameter_supported: true,
    ...lies.metadata,
  })
  /** RFC 7636 §4.6 */
  const takeCode = (parameters: URLSearchParams): Code | null => {
    const name = parameters.get('code') ?? ''
    const code = codes.get(name) ?? null
    codes.delete(name)
    if (lies.takesAnyCode === true) return code ?? { challenge: '', nonce: null }
    const verifier = createHash('sha256').update(parameters.get('code_verifier') ?? '')
    return code?.challenge === verifier.digest('base64url') ? code : null
  }
  const honest = ({ nonce }: Code): Claims => ({
    iss: issuer,
    sub: 'bob',
    aud: 'zegel',
    nonce,
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 300,
    email: 'bob@example.net',
    email_verified: true,
  })
  return {
    issuer,
    lies,
    asked,
    publicKeyPem: await exportSPKI(publicKey),
    issueCode(location) {
      const code = `CODE-CANARY-${randomBytes(8).toString('hex')}`
      const query = location.searchParams
      codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') })
      return code
    },
    sign,
    settings: (id, more = {}) => ({
      id,
      kind: 'openid',
      name: id,
      issuer,
      clientId: 'zegel',
      clientSecret: 'env:SECRET',
      trustedDomains: ['example.net'],
      ...more,
    }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
