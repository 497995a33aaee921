import { equalBytes } from '../../core/envelope/bytes.ts'

/**
 * Remembers imported private keys for as long as the very array of their bytes lives: importing costs twice as
 * much as using. Whoever drops the bytes drops the key; bytes that were overwritten since give no key.
 */
export class PrivateKeyCache<K> {
  readonly #import: (bytes: Uint8Array) => Promise<K>
  readonly #keys = new WeakMap<Uint8Array, { readonly bytes: Uint8Array; readonly key: K }>()

  constructor(importKey: (bytes: Uint8Array) => Promise<K>) {
    this.#import = importKey
  }

  /** Rejects as the import does; a failure is not remembered. */
  async get(bytes: Uint8Array): Promise<K> {
    const known = this.#keys.get(bytes)
    if (known !== undefined && equalBytes(known.bytes, bytes)) return known.key
    const copy = Uint8Array.from(bytes)
    const key = await this.#import(copy)
    this.#keys.set(bytes, { bytes: copy, key })
    return key
  }
}
