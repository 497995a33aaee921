import { CACHED_KEY_MS, MAX_CACHED_KEYS } from './limits.ts'

interface Entry<T> {
  readonly value: T
  readonly readAtMs: number
}

/** Keys that were looked up, by id; the oldest go first, and none is believed for long. */
export class KeyCache<T> {
  readonly #entries = new Map<string, Entry<T>>()

  get(id: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(id)
    if (entry && Math.abs(nowMs - entry.readAtMs) < CACHED_KEY_MS) return entry.value
    this.#entries.delete(id)
    return undefined
  }

  set(id: string, value: T, nowMs: number): void {
    const oldest = this.#entries.keys().next().value
    if (this.#entries.size >= MAX_CACHED_KEYS && oldest !== undefined) this.#entries.delete(oldest)
    this.#entries.set(id, { value, readAtMs: nowMs })
  }

  delete(id: string): void {
    this.#entries.delete(id)
  }
}
