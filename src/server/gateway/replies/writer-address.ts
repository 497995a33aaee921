import { domainOf, parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { equalBytes, utf8 } from '../../../core/envelope/bytes.ts'
import { replyDomainOf, replyDomainsOf } from '../../config/reply-domain.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import type { Mac } from '../message-ids.ts'

type Home = Pick<OrganisationConfig, 'id' | 'domains' | 'replyDomain'> &
  Partial<Pick<OrganisationConfig, 'formerReplyDomains'>>

/** RFC 5321 §4.5.3.1.1 */
const MAX_LOCAL_OCTETS = 64
/** 80 bits in RFC 4648 §6 base32, lower case: no mail server tells its letters from others. */
const TAG_BYTES = 10
const TAG = /^[a-z2-7]{16}$/

/**
 * Local parts that stand inside another as they are. Not `%` and `!`, which are routes; not quotes, what is beyond
 * ASCII, or a hyphen at the beginning, which not every mail server takes.
 */
const PLAIN_LOCAL = /^[a-z0-9_+='~][a-z0-9_+='~.-]*$/

/**
 * The address under the organisation's `replyDomain` that stands for somebody outside: `LOCAL=DOMAIN.MAC`. Nobody else
 * can make one, and none is ever of a domain of people inside. An address that is too long or too odd for it gets
 * `MAC` alone, from which there is no way back. docs/replies.md
 */
export function writerAddress(mac: Mac, writer: Address, organisation: Home): Address {
  const tag = tagOf(mac, writer, organisation)
  const local = `${spell(writer)}.${tag}`
  const fits = local.length <= MAX_LOCAL_OCTETS && PLAIN_LOCAL.test(localOf(writer))
  const alias = parseAddress(`${fits ? local : tag}@${replyDomainOf(organisation)}`)
  if (alias === null) throw new RangeError('replyDomain is no domain')
  return alias
}

/** True when mail to that address reaches the writer: bounces and answers may be sent there. */
export function leadsBack(alias: Address): boolean {
  return localOf(alias).includes('=')
}

/** Whom such an address stands for; null for one that was altered, is unknown or leads to nobody. */
export function writerOf(mac: Mac, alias: Address, organisation: Home): Address | null {
  if (!replyDomainsOf(organisation).includes(domainOf(alias))) return null
  const local = localOf(alias)
  const dot = local.lastIndexOf('.')
  const equals = local.lastIndexOf('=', dot)
  const tag = local.slice(dot + 1)
  if (dot === -1 || equals < 1 || !TAG.test(tag)) return null
  const text = `${local.slice(0, equals)}@${local.slice(equals + 1, dot)}`
  const writer = parseAddress(text)
  if (writer === null || writer !== text) return null
  return equalBytes(utf8(tag), utf8(tagOf(mac, writer, organisation))) ? writer : null
}

function spell(writer: Address): string {
  return `${localOf(writer)}=${domainOf(writer)}`
}

function localOf(address: Address): string {
  return address.slice(0, address.lastIndexOf('@'))
}

function tagOf(mac: Mac, writer: Address, { id }: Home): string {
  const input = ['zegel.v1 writer address', id, writer].join('\0')
  return base32(mac(utf8(input)).subarray(0, TAG_BYTES))
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** @param bytes a multiple of 5: nothing is left over */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map(five => ALPHABET.charAt(Number.parseInt(five, 2))).join('')
}
