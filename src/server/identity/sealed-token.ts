import { hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, errors } from 'jose'

/** What a token is for; one made for another use does not open. */
export type TokenUse = 'session' | 'challenge' | 'sign-in' | 'passkey'

export interface TokenBox {
  seal(value: unknown): Promise<string>
  /** The value as it was sealed; null when it was not sealed by this key for this use. */
  open(token: string): Promise<unknown>
}

/** Longer ones are not looked at: browsers send at most 4 KiB. */
const MAX_TOKEN_CHARACTERS = 4096

/**
 * Seals small JSON values (RFC 7516, `dir`, A256GCM) under a key derived for one use.
 * @param secret at least 32 bytes
 */
export function createTokenBox(secret: Uint8Array, use: TokenUse): TokenBox {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', `zegel ${use} token`, 32))
  const protectedHeader = { alg: 'dir', enc: 'A256GCM', typ: use } as const
  return {
    seal: value =>
      new CompactEncrypt(Buffer.from(JSON.stringify(value)))
        .setProtectedHeader(protectedHeader)
        .encrypt(key),
    open: async token => (token.length > MAX_TOKEN_CHARACTERS ? null : decrypt(token, key)),
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
