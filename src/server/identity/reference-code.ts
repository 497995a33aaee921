import { keyedHash } from './keyed-hash.ts'

/** Without 0 O, 1 I L, 5 S, 8 B, Z, U V: nothing that is mistaken when read aloud or from a small screen. */
const ALPHABET = 'ACDEFGHJKMNPQRTWXY234679'
const CHARACTERS = 5

/**
 * `K7-MX2`: the same in the mail and on the page, so that a person sees that they belong together.
 * It proves nothing and opens nothing.
 */
export function referenceCode(key: Uint8Array, challengeId: string): string {
  const hash = keyedHash(key, 'zegel reference', challengeId)
  let rest = hash.readUIntBE(0, 6)
  let text = ''
  for (let i = 0; i < CHARACTERS; i += 1) {
    text += ALPHABET.charAt(rest % ALPHABET.length)
    rest = Math.floor(rest / ALPHABET.length)
  }
  return `${text.slice(0, 2)}-${text.slice(2)}`
}
