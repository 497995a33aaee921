import { isIP } from 'node:net'
import { RE2JS } from 're2js'
import { z } from 'zod'
import { canonicalDomain, parseAddress } from '../../core/address/address.ts'
import { parseDuration } from './duration.ts'
import { MAX_EXPIRY_DAYS } from './limits.ts'

/** What a text names, so that relative paths can be resolved. `resolve-paths.ts` */
export type FieldKind = 'path' | 'secret' | 'password' | 'root-key' | 'store-url'

const text = (valid: (value: string) => boolean, advice: string) => z.string().refine(valid, advice)

const orEmpty = (valid: (value: string) => boolean) => (value: string) =>
  value === '' || valid(value)

const kind = (schema: z.ZodString, name: FieldKind) => schema.meta({ kind: name })

export const isAddress = (value: string): boolean => parseAddress(value) === value

export const isDomain = (value: string): boolean => canonicalDomain(value) === value

/** `alice@example.com` or `@example.com`. */
export const isSenderPattern = (value: string): boolean =>
  value.startsWith('@') ? isDomain(value.slice(1)) : isAddress(value)

/** `127.0.0.1:2525`, `[::1]:2525`, `mail.example.com:25`; port 0 takes any free one. */
export function isHostPort(value: string): boolean {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s/@]+)):(\d{1,5})$/.exec(value)
  if (!match || Number(match[3]) > 65_535) return false
  return match[1] === undefined || isIP(match[1]) === 6
}

/** `192.0.2.0/24`, `2001:db8::/32` or a single address. */
export function isNetwork(value: string): boolean {
  const [address = '', prefix = '0', ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false
  return Number(prefix) <= (family === 4 ? 32 : 128)
}

/** The origin alone; `http:` for this machine alone, because cookies and passkeys need a secure origin. */
export function isPortalUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  return value === url.origin && (url.protocol === 'https:' || isLocalHttp(url))
}

/** An OpenID Connect issuer: an address without query and fragment (OpenID Connect Discovery §3). */
export function isIssuer(value: string): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && !/[?#]/.test(value)
  return isPlain && (url.protocol === 'https:' || isLocalHttp(url))
}

/** A page on the web, as a browser writes it: an address that becomes a link. */
export function isPage(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { href, protocol, username, password } = new URL(value)
  const isPlain = username === '' && password === ''
  return protocol === 'https:' && isPlain && (href === value || href === `${value}/`)
}

function isLocalHttp({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'http:' && /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  )
}

export function isPattern(value: string): boolean {
  try {
    RE2JS.compile(value)
    return true
  } catch {
    return false
  }
}

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1
  } catch {
    return false
  }
}

function isDuration(value: string): boolean {
  const ms = parseDuration(value)
  return ms === null || (ms !== undefined && ms > 0 && ms <= MAX_EXPIRY_DAYS * 86_400_000)
}

const ADDRESS = 'write one address in its canonical form: lower case, such as alice@example.com'
const DOMAIN = 'write a domain in lower case, such as example.com (others as xn--…)'

export const organisationId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'write 1 to 63 lower-case letters, digits and hyphens, such as example',
  )
export const path = kind(z.string(), 'path')
export const secret = kind(
  z.string().regex(/^(file|env|credential):.+/, 'write file:PATH, env:NAME or credential:NAME'),
  'secret',
)
export const userPassword = kind(
  z
    .string()
    .regex(
      /^(file|env|credential):.+|^scrypt:\d{1,2}:\d{1,2}:[\w-]+:[\w-]+$/,
      'write file:PATH, env:NAME, credential:NAME, or a hash scrypt:…',
    ),
  'password',
)
export const rootKey = kind(
  z
    .string()
    .regex(
      /^(file|passphrase-file|passphrase-env|credential):.+/,
      'write file:PATH, passphrase-file:PATH, passphrase-env:NAME or credential:NAME',
    ),
  'root-key',
)
export const storeUrl = kind(
  z
    .string()
    .regex(
      /^(sqlite:.+|postgres(ql)?:\/\/.+)/,
      'write sqlite:PATH or postgres://USER@HOST/DATABASE',
    )
    .regex(
      /^(?!postgres(ql)?:\/\/([^/?#]*:[^/?#]*@|.*[?&]password=))/,
      'write the password in store.password',
    ),
  'store-url',
)
export const duration = text(
  isDuration,
  `write a number with h or d, at most ${MAX_EXPIRY_DAYS}d, or never`,
)
export const domain = text(isDomain, DOMAIN)
export const addressOrEmpty = text(orEmpty(isAddress), ADDRESS)
export const senderPattern = text(isSenderPattern, 'write an address, or @domain, in lower case')
export const hostPort = text(isHostPort, 'write HOST:PORT, such as 127.0.0.1:2525 or [::1]:2525')
export const hostPortOrEmpty = text(orEmpty(isHostPort), 'write HOST:PORT, or nothing')
export const network = text(isNetwork, 'write a network, such as 192.0.2.0/24 or 2001:db8::/32')
export const hostOrEmpty = text(orEmpty(isDomain), 'write a host name in lower case, or nothing')
export const locale = text(isLocale, 'write a language tag, such as en, nl or pt-BR')
export const pattern = text(isPattern, 'write a pattern that RE2 takes: no look-around, no \\1')
export const portalUrl = text(
  isPortalUrl,
  'write https://HOST or https://HOST:PORT with no path; http:// is for localhost alone',
)
export const originOrEmpty = text(
  orEmpty(isPortalUrl),
  'write https://HOST or https://HOST:PORT with no path; http:// is for this machine alone',
)
export const issuerOrEmpty = text(
  orEmpty(isIssuer),
  'write the https:// address of the issuer, without ? and #; http:// is for this machine alone',
)
export const pageOrEmpty = text(
  orEmpty(isPage),
  'write the https:// address of a page, as the address bar shows it',
)
export const tenantId = text(
  value => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  'write the id of a tenant in lower case, such as 9188040d-6c67-4c5b-b112-36a304b66dad',
)
export const fingerprint = text(
  value => /^([0-9a-f]{64})?$/.test(value),
  'write 64 hexadecimal digits in lower case, as zegel keys list shows them',
)
export const gatewayFingerprint = text(
  value => /^[0-9a-f]{64}$/.test(value),
  'write 64 hexadecimal digits in lower case, as zegel keys list shows them',
)
export const certificateFingerprint = text(
  value => /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i.test(value),
  'write the SHA-256 fingerprint of the certificate: 64 hexadecimal digits',
)
