import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { exchangeCode } from '../../../../src/server/identity/account/exchange-code.ts'
import type { Provider } from '../../../../src/server/identity/account/provider.ts'

const OURS = '11111111-1111-4111-8111-111111111111'
const OTHERS = '22222222-2222-4222-8222-222222222222'
const BASE = 'https://login.example'
const issuerOf = (tenant: string) => `${BASE}/${tenant}/v2.0`

const provider: Provider = {
  id: 'microsoft',
  kind: 'microsoft',
  name: 'Microsoft',
  logo: '',
  order: 0,
  issuer: `${BASE}/common/v2.0`,
  clientId: 'zegel',
  clientSecret: null,
  tenants: [],
  trustedDomains: [],
  organisationId: null,
  acrValues: [],
  mfa: { acr: [], amr: [] },
}

/** Signs in at Microsoft's endpoint for all tenants; `owner` is what the key set says of the key that signed. */
async function signedIn(tenant: string, owner: string | undefined) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', issuer: owner }
  const id_token = await new SignJWT({ tid: tenant, nonce: 'n', sub: 's', name: 'Bob', groups: [] })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuerOf(tenant))
    .setAudience('zegel')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)
  const token = { access_token: 'a', token_type: 'Bearer', id_token }
  return exchangeCode(
    {
      provider,
      metadata: {
        issuer: issuerOf('{tenantid}'),
        token_endpoint: `${BASE}/token`,
        jwks_uri: `${BASE}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      },
      keys: {},
      fetch: async url => Response.json(url.endsWith('/keys') ? { keys: [jwk] } : token),
    },
    {
      parameters: new URLSearchParams({ code: 'c', state: 's' }),
      redirectUri: 'https://mail.example.com/auth/microsoft/callback',
      state: 's',
      nonce: 'n',
      codeVerifier: 'v'.repeat(43),
    },
  )
}

describe('threat: a key of one tenant signs for another', () => {
  it('is refused where the key set says whose it is', async () => {
    await expect(signedIn(OURS, issuerOf(OTHERS))).rejects.toMatchObject({ code: 'failed' })
  })

  it.each([undefined, issuerOf(OURS), issuerOf('{tenantid}')])(
    'a key of %s signs for its tenant',
    async owner => {
      expect(await signedIn(OURS, owner)).toMatchObject({ iss: issuerOf(OURS), tid: OURS })
    },
  )

  it('and of what the token says nothing is kept that nobody looks at', async () => {
    expect(Object.keys(await signedIn(OURS, undefined))).not.toContain('groups')
  })
})
