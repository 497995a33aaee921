import { z } from 'zod'
import { domain, issuerOrEmpty, organisationId, path, secret, tenantId } from './fields.ts'

/** An account that readers may sign in with. docs/providers.md */
export const provider = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'write 1 to 32 lower-case letters, digits and hyphens')
    .describe(
      'stable name in addresses (`/auth/ID/callback`) and associations; never change or reuse it',
    ),
  kind: z
    .enum(['microsoft', 'google', 'openid'])
    .describe('whose rules decide what an account proves; `openid`: any other provider'),
  name: z
    .string()
    .max(60)
    .default('')
    .describe('**Sign in with …**; empty: Microsoft, Google, or the id'),
  logo: path.default('').describe('PNG or SVG file, at most 12,000 bytes; empty: none of its own'),
  order: z.number().int().default(0).describe('lower ones are shown first'),
  issuer: issuerOrEmpty
    .default('')
    .describe(
      'issuer of OpenID Connect; empty: Microsoft for all accounts, or Google; needed for `openid`',
    ),
  clientId: z.string().min(1).max(500).describe('what the provider calls this portal'),
  clientSecret: secret
    .optional()
    .describe("the portal's password at the provider; none: a public client, with PKCE alone"),
  tenants: z
    .array(tenantId)
    .default([])
    .describe('Microsoft: only accounts of these tenants may sign in; empty: all'),
  trustedDomains: z
    .array(domain)
    .default([])
    .describe(
      '`openid`: domains for which its `email_verified` is believed; other addresses need a passcode once',
    ),
  organisation: organisationId
    .optional()
    .describe('id of the only organisation that offers it; none: all of them'),
  acrValues: z
    .array(z.string().regex(/^[\x21-\x7e]+$/, 'write one value without blanks'))
    .default([])
    .describe('`acr_values` to ask for'),
  mfa: z
    .strictObject({
      acr: z.array(z.string().min(1)).default([]).describe('values of `acr` that say so'),
      amr: z.array(z.string().min(1)).default([]).describe('values in `amr` that say so'),
    })
    .prefault({})
    .describe(
      'how this provider says that several factors were used; empty: it is never believed to say it',
    ),
})
