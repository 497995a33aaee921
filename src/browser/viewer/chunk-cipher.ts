import type { OpenChunkLater } from '../../core/envelope/open-web.ts'

/** The name that Web Crypto's draft of modern algorithms gives it. */
const NATIVE = 'ChaCha20-Poly1305'

/**
 * ChaCha20-Poly1305 for the chunks of a file: the browser's own where it has it (Chromium 156 does),
 * else the audited one of @noble/ciphers, which is only then loaded.
 */
export async function chunkCipher(key: Uint8Array<ArrayBuffer>): Promise<OpenChunkLater> {
  const native = await importNative(key)
  if (native !== null)
    return async (iv, chunk) =>
      new Uint8Array(await crypto.subtle.decrypt({ name: NATIVE, iv }, native, chunk))
  const { chacha20poly1305 } = await import('@noble/ciphers/chacha.js')
  return (nonce, chunk) => chacha20poly1305(key, nonce).decrypt(chunk)
}

async function importNative(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  try {
    // `raw` is not taken for this algorithm: its draft has `raw-secret`, which the DOM's types lack.
    const format = 'raw-secret' as 'raw'
    return await crypto.subtle.importKey(format, key, NATIVE, false, ['decrypt'])
  } catch {
    return null
  }
}
