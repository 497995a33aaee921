import type { Address } from '../../core/address/address.ts'

/** `user%host`, `host!user`, an address inside quotes, and the beginning of an encoded word (RFC 2047). */
const ROUTE = /[%!@]|=\?/

/**
 * True when a mail server may read another address out of the local part and send on to it: Postfix
 * makes bob@else.example of `bob%else.example@example.com`, `else.example!bob@example.com` and
 * `"bob@else.example"@example.com` (allow_percent_hack, swap_bangpath, resolve_dequoted_address, all
 * on by default), and some libraries decode `=?x?q?bob=40else.example?=@example.com`. Such an address is no address inside, whatever its domain.
 */
export function namesARoute(address: Address): boolean {
  return ROUTE.test(address.slice(0, address.lastIndexOf('@')))
}
