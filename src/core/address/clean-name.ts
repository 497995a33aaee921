import type { Address } from './address.ts'

/** Longer names push the address out of sight. */
const MAX_NAME_CHARACTERS = 100

/** Controls, line ends, format characters (RTL override, zero width), lone surrogates, private use, unassigned. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]+/gu

/**
 * A name as a person may be shown it: one line, nothing invisible, nothing that turns the text around.
 * @returns at most 100 characters; empty when nothing is left.
 */
export function cleanName(text: string): string {
  const visible = text.normalize('NFC').replaceAll(INVISIBLE, ' ').replaceAll(/\s+/gu, ' ').trim()
  const characters = Array.from(visible)
  if (characters.length <= MAX_NAME_CHARACTERS) return visible
  return `${characters
    .slice(0, MAX_NAME_CHARACTERS - 1)
    .join('')
    .trimEnd()}…`
}

/**
 * The display name of a sender. Empty when it looks like an address (`boss@bank.example <me@else.example>`):
 * the address itself is shown then.
 */
export function cleanSenderName(name: string, address: Address): string {
  const cleaned = cleanName(name)
  const looksLikeAddress = /[@\uff20\ufe6b]/u.test(cleaned)
  return looksLikeAddress || cleaned.toLowerCase() === address ? '' : cleaned
}
