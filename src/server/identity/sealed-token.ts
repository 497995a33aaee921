import { hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from 'jose'
import type { SecretRing } from './secret-ring.ts'

/** What a token is for; one made for another use does not open. */
export type TokenUse = 'session' | 'challenge' | 'sign-in' | 'passkey'

export interface TokenBox {
  seal(value: unknown): Promise<string>
  /** The value as it was sealed; null when it was not sealed for this use by a key of the ring. */
  open(token: string): Promise<unknown>
}

/** Longer ones are not looked at: browsers send at most 4 KiB. */
const MAX_TOKEN_CHARACTERS = 4096

/**
 * Seals small JSON values (RFC 7516, `dir`, A256GCM) under a key derived for one use from the newest secret
 * of a ring; `kid` names it, so that those before it go on opening.
 */
export function createTokenBox(ring: SecretRing, use: TokenUse): TokenBox {
  return {
    async seal(value) {
      const { id, secret } = await ring.current()
      return new CompactEncrypt(Buffer.from(JSON.stringify(value)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: use, kid: id })
        .encrypt(keyFor(secret, use))
    },
    async open(token) {
      const id = token.length > MAX_TOKEN_CHARACTERS ? null : keyIdOf(token)
      const key = id === null ? undefined : await ring.find(id)
      return key === undefined ? null : decrypt(token, keyFor(key.secret, use))
    },
  }
}

function keyFor(secret: Uint8Array, use: TokenUse): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `zegel ${use} token`, 32))
}

/** Null when no key is named. */
function keyIdOf(token: string): string | null {
  try {
    const { kid } = decodeProtectedHeader(token)
    return typeof kid === 'string' ? kid : null
  } catch {
    return null
  }
}

async function decrypt(token: string, key: Uint8Array): Promise<unknown> {
  try {
    const { plaintext } = await compactDecrypt(token, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return JSON.parse(Buffer.from(plaintext).toString('utf8'))
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return null
    throw error
  }
}
