/** Smallest allocation: enough for a small message. */
const FIRST_BYTES = 16 * 1024

/** Holds up to `capacity` bytes until they can go on; memory grows with what it holds. */
export class Holding {
  length = 0
  readonly #capacity: number
  #memory: Uint8Array = new Uint8Array(0)
  #borrowed: Uint8Array | null = null

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

  /** Holds these very bytes, at most `capacity`, when nothing is held; they may not change before `clear`. */
  borrow(bytes: Uint8Array): void {
    this.#borrowed = bytes
    this.length = bytes.length
  }

  /** What is held, as a view that is valid until the next `take`. */
  view(): Uint8Array {
    return this.#borrowed ?? this.#memory.subarray(0, this.length)
  }

  clear(): void {
    this.#borrowed = null
    this.length = 0
  }

  /** Own memory that is large enough, with what is held in it. */
  #makeRoom(needed: number): void {
    const held = this.view()
    if (needed > this.#memory.length) {
      const wanted = Math.max(needed, 4 * this.#memory.length, FIRST_BYTES)
      this.#memory = new Uint8Array(Math.min(wanted, this.#capacity))
    } else if (this.#borrowed === null) return
    this.#memory.set(held)
    this.#borrowed = null
  }
}
