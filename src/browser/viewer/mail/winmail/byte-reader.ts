/** Reads little-endian numbers and pieces one after the other. Reading past the end gives null and stays there. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number | null {
    return this.left < 1 ? this.#fail() : this.#view.getUint8(this.#at++)
  }

  u16(): number | null {
    return this.left < 2 ? this.#fail() : this.#view.getUint16(this.#skip(2), true)
  }

  u32(): number | null {
    return this.left < 4 ? this.#fail() : this.#view.getUint32(this.#skip(4), true)
  }

  /** A view of the bytes, without the padding that follows them. */
  take(length: number, padding = 0): Uint8Array | null {
    if (length > this.left) return this.#fail()
    const start = this.#skip(length)
    this.#at = Math.min(this.#bytes.length, this.#at + padding)
    return this.#bytes.subarray(start, start + length)
  }

  #skip(length: number): number {
    const start = this.#at
    this.#at += length
    return start
  }

  #fail(): null {
    this.#at = this.#bytes.length
    return null
  }
}
