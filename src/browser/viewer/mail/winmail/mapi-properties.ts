import { decodeCharset } from '../charset.ts'
import { MAX_PROPERTIES } from '../limits.ts'
import { ByteReader } from './byte-reader.ts'

/** MS-OXPROPS; only those that are used. */
export const PROPERTY = {
  messageClass: 0x001a,
  subject: 0x0037,
  sentAt: 0x0039,
  representedName: 0x0042,
  startsAt: 0x0060,
  endsAt: 0x0061,
  representedAddress: 0x0065,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  shownTo: 0x0e04,
  body: 0x1000,
  compressedRtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachData: 0x3701,
  attachFileName: 0x3704,
  attachLongFileName: 0x3707,
  attachType: 0x370e,
  attachContentId: 0x3712,
  internetCodePage: 0x3fde,
  senderMail: 0x5d01,
  representedMail: 0x5d02,
} as const

interface PropertyValue {
  readonly type: number
  /** The first value. */
  readonly data: Uint8Array
}

const STRING8 = 0x1e
const UNICODE = 0x1f
const OBJECT = 0x0d
const BINARY = 0x102
const MANY = 0x1000

/** MS-OXCDATA §2.11.1: bytes of values of one size, filled up to four. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [0x00, 0],
  [0x01, 0],
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x0a, 4],
  [0x0b, 4],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
])

/** Properties of a message or file (MS-OXTNEF §2.1.3.4): by their number, those with a name by `GUID:number`, in hexadecimal. */
export class MapiProperties {
  readonly #values = new Map<number | string, PropertyValue>()
  #charset: string | null
  /** What was read before something that could not be read counts. */
  readonly damaged: boolean

  /** @param charset of strings that are not Unicode */
  constructor(data: Uint8Array, charset: string | null) {
    this.#charset = charset
    const reader = new ByteReader(data)
    const count = reader.u32() ?? 0
    let read = 0
    while (read < Math.min(count, MAX_PROPERTIES) && this.#readOne(reader)) read++
    this.damaged = read < count
  }

  static empty(): MapiProperties {
    return new MapiProperties(new Uint8Array(4), null)
  }

  /** Of a string, or of bytes that are one; null when there is none. */
  text(key: number | string, charsetOfBytes: string | null = null): string | null {
    const value = this.#values.get(key)
    if (value === undefined) return null
    const charset =
      value.type === UNICODE ? 'utf-16le' : value.type === BINARY ? charsetOfBytes : this.#charset
    return decodeCharset(value.data, charset).text.replace(/\0+$/, '')
  }

  /** Empty strings are none. */
  firstText(...keys: readonly number[]): string | null {
    return keys.map(key => this.text(key)).find(text => text !== null && text !== '') ?? null
  }

  bytes(key: number | string): Uint8Array | null {
    const value = this.#values.get(key)
    return value?.type === BINARY ? value.data : null
  }

  /** Of a file that is a message or document of Outlook's own, without the 16 bytes that tell its kind. */
  object(key: number): Uint8Array | null {
    const value = this.#values.get(key)
    return value?.type === OBJECT ? value.data.subarray(16) : null
  }

  number(key: number | string): number | null {
    const value = this.#values.get(key)
    return value === undefined ? null : new ByteReader(value.data).u32()
  }

  /** Milliseconds since 1970 of 100 ns since 1601. */
  timeMs(key: number | string): number | null {
    const value = this.#values.get(key)
    if (value?.type !== 0x40) return null
    const reader = new ByteReader(value.data)
    const low = reader.u32() ?? 0
    const ms = ((reader.u32() ?? 0) * 2 ** 32 + low) / 10_000 - 11_644_473_600_000
    return Number.isFinite(new Date(ms).getTime()) ? Math.round(ms) : null
  }

  #readOne(reader: ByteReader): boolean {
    const type = reader.u16()
    const id = reader.u16()
    if (type === null || id === null) return false
    const key = id < 0x8000 ? id : readName(reader)
    if (key === null) return false
    const data = readValues(reader, type)
    if (data === null) return false
    if (!this.#values.has(key)) this.#values.set(key, { type: type & ~MANY, data })
    return true
  }
}

/** MS-OXTNEF §2.1.3.4: NamedPropSpec. */
function readName(reader: ByteReader): string | null {
  const guid = reader.take(16)
  const kind = reader.u32()
  if (guid === null || kind === null) return null
  const space = Array.from(guid, byte => byte.toString(16).padStart(2, '0')).join('')
  if (kind === 0) return `${space}:${(reader.u32() ?? 0).toString(16)}`
  const name = takePadded(reader)
  return name === null ? null : `${space}:${decodeCharset(name, 'utf-16le').text}`
}

/** The first of the values; null when they cannot be read. */
function readValues(reader: ByteReader, type: number): Uint8Array | null {
  const kind = type & ~MANY
  const size = SIZES.get(kind)
  const isString = [STRING8, UNICODE, OBJECT, BINARY].includes(kind)
  if (size === undefined && !isString) return null
  const count = isString || (type & MANY) !== 0 ? reader.u32() : 1
  if (count === null || count > reader.left) return null // four billion values of no bytes
  let first: Uint8Array | null = null
  for (let i = 0; i < count; i++) {
    const value = size === undefined ? takePadded(reader) : reader.take(size)
    if (value === null) return null
    first ??= value
  }
  return first ?? new Uint8Array()
}

/** A length, as many bytes, and what fills them up to four. */
function takePadded(reader: ByteReader): Uint8Array | null {
  const length = reader.u32()
  return length === null ? null : reader.take(length, (4 - (length % 4)) % 4)
}
