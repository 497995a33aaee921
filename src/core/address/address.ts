/**
 * The one canonical form of an email address: NFC, lower case, domain as A-labels (RFC 5890).
 * Two texts are the same mailbox exactly when their `Address` is the same text.
 * Dots and `+tags` of the local part are kept: what they mean is the receiving server's secret.
 */
export type Address = string & { readonly __brand: 'Address' }

/** RFC 5321 §4.5.3.1.1 and .3: octets of a local part, of a path without its brackets. */
const MAX_LOCAL_OCTETS = 64
const MAX_ADDRESS_OCTETS = 254
/** RFC 1035 §2.3.4 */
const MAX_LABEL_OCTETS = 63
/** Longer texts are not looked at: bounds the work an attacker can ask for. */
const MAX_TEXT_LENGTH = 1024

/** RFC 5322 §3.2.3 atext, and RFC 6532's non-ASCII characters. */
const DOT_ATOM =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+)*$/u
/** Controls, separators other than the space, format characters (RTL overrides, zero width), lone surrogates, private use. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u
const SPACE_LIKE = /[\s\p{Zs}]/u

/**
 * Reads one addr-spec (RFC 5321 Mailbox, RFC 6531), without brackets, name or comment.
 * Null when it is none, or when two programs could read it as two different mailboxes
 * (source routes, comments, address literals, full-width look-alikes of ASCII in the local part).
 */
export function parseAddress(text: string): Address | null {
  if (text.length > MAX_TEXT_LENGTH || INVISIBLE.test(text)) return null
  const at = text.lastIndexOf('@')
  if (at < 1) return null
  const local = canonicalLocal(text.slice(0, at))
  const domain = canonicalDomain(text.slice(at + 1))
  if (local === null || domain === null) return null
  const address = `${local}@${domain}`
  return octets(address) <= MAX_ADDRESS_OCTETS ? (address as Address) : null
}

export function domainOf(address: Address): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** First character of the local part and the domain: `b•••@example.org`. */
export function maskAddress(address: Address): string {
  const local = address.slice(0, address.lastIndexOf('@'))
  const first = Array.from(local).find(character => character !== '"' && character !== '\\') ?? ''
  return `${first}•••@${domainOf(address)}`
}

/** Null when it is no domain name. The same canonical form as in an `Address`. */
export function canonicalDomain(text: string): string | null {
  if (text.length === 0 || text.length > MAX_TEXT_LENGTH) return null
  if (!/^[A-Za-z0-9.\u0080-\u{10ffff}-]+$/u.test(text) || INVISIBLE.test(text)) return null
  const name = asciiDomain(text)
  return name !== null && name.split('.').every(isLabel) && !isNumeric(name) ? name : null
}

/** Letters, digits, hyphens in lower case: UTS 46 leaves such a name as it is, but for A-labels, which it checks. */
const PLAIN_DOMAIN = /^[a-z0-9.-]+$/

/** UTS 46 processing by the URL parser, which every runtime has. https://url.spec.whatwg.org/#host-parsing */
function asciiDomain(text: string): string | null {
  if (PLAIN_DOMAIN.test(text) && !text.includes('xn--')) return text
  if (!URL.canParse(`http://${text}/`)) return null
  return new URL(`http://${text}/`).hostname.toLowerCase()
}

function isLabel(label: string): boolean {
  return label.length <= MAX_LABEL_OCTETS && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label)
}

/** The URL parser reads `127.1` as an IPv4 address; a mail domain never ends in a number. */
function isNumeric(name: string): boolean {
  return /^(?:\d+|0x[0-9a-f]*)$/.test(name.slice(name.lastIndexOf('.') + 1))
}

function canonicalLocal(text: string): string | null {
  const content = text.startsWith('"') ? unquote(text) : text
  if (content === null || octets(content) > MAX_LOCAL_OCTETS) return null
  const canonical = lowerCase(content.normalize('NFC')).normalize('NFC')
  if (canonical.normalize('NFKC') !== canonical) return null
  if (octets(canonical) > MAX_LOCAL_OCTETS) return null
  if (DOT_ATOM.test(canonical)) return SPACE_LIKE.test(canonical) ? null : canonical
  return text.startsWith('"') ? `"${canonical.replaceAll(/["\\]/g, '\\$&')}"` : null
}

/** The content of a quoted-string that is nothing else (RFC 5321 §4.1.2); null when it is none. */
function unquote(text: string): string | null {
  const quoted = /^"((?:[^"\\]|\\[\u0020-\u007e])*)"$/u.exec(text)
  return quoted?.[1]?.replaceAll(/\\(.)/gu, '$1') ?? null
}

/** Character by character, so that a letter's neighbours do not decide (final sigma). */
function lowerCase(text: string): string {
  return Array.from(text, character => character.toLowerCase()).join('')
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}
