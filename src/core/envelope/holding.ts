/** Smallest allocation: enough for a small message. */
const FIRST_BYTES = 16 * 1024

/** Holds up to `capacity` bytes until they can go on; memory grows with what it holds. */
export class Holding {
  length = 0
  readonly #capacity: number
  #memory: Uint8Array = new Uint8Array(0)

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get isFull(): boolean {
    return this.length === this.#capacity
  }

  /** Takes what there is room for from `bytes` at `at`; returns how many bytes that was. */
  take(bytes: Uint8Array, at: number): number {
    const part = bytes.subarray(at, at + this.#capacity - this.length)
    this.#makeRoom(this.length + part.length)
    this.#memory.set(part, this.length)
    this.length += part.length
    return part.length
  }

  /** What is held, as a view that is valid until the next `take`. */
  view(): Uint8Array {
    return this.#memory.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }

  #makeRoom(needed: number): void {
    if (needed <= this.#memory.length) return
    const wanted = Math.max(needed, 4 * this.#memory.length, FIRST_BYTES)
    const grown = new Uint8Array(Math.min(wanted, this.#capacity))
    grown.set(this.view())
    this.#memory = grown
  }
}
