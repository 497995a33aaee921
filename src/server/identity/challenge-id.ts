import { keyedHash, sameText } from './keyed-hash.ts'

const ID_BYTES = 16
const ID_CHARACTERS = 22

export function newChallengeId(randomBytes: (length: number) => Uint8Array): string {
  return Buffer.from(randomBytes(ID_BYTES)).toString('base64url')
}

/** The id as the browser gets it: with a tag, so that it is worth nothing in another browser. */
export function publicChallengeId(secret: Uint8Array, id: string, browser: string): string {
  return id + tagOf(secret, id, browser)
}

/** Null when the id was not given to this browser. */
export function challengeIdOf(
  secret: Uint8Array,
  publicId: string,
  browser: string,
): string | null {
  const id = publicId.slice(0, ID_CHARACTERS)
  return sameText(publicId.slice(ID_CHARACTERS), tagOf(secret, id, browser)) ? id : null
}

function tagOf(secret: Uint8Array, id: string, browser: string): string {
  return keyedHash(secret, 'zegel challenge id', id, browser).toString('base64url', 0, ID_BYTES)
}
