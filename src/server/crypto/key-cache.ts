/** More keys than a busy gateway seals to at a time. */
const MAX_KEYS = 64

/** Remembers imported public keys by their bytes: importing one costs as much as using it. */
export class KeyCache<K> {
  readonly #import: (bytes: Uint8Array) => Promise<K>
  readonly #keys = new Map<string, K>()

  constructor(importKey: (bytes: Uint8Array) => Promise<K>) {
    this.#import = importKey
  }

  /** Rejects as the import does; a key that cannot be imported is not remembered. */
  async get(bytes: Uint8Array): Promise<K> {
    const name = Buffer.from(bytes).toString('latin1')
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const key = await this.#import(bytes)
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear()
    this.#keys.set(name, key)
    return key
  }
}
