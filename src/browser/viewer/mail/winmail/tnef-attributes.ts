import { ByteReader } from './byte-reader.ts'

/** MS-OXTNEF §2.1.3.1 */
export interface TnefAttribute {
  /** Of the message, or of the file that the last `attachRenderData` began. */
  readonly level: 'message' | 'attachment'
  readonly id: number
  readonly data: Uint8Array
}

/** MS-OXTNEF §2.1.3.3 */
export const ATTRIBUTE = {
  from: 0x8000,
  subject: 0x8004,
  messageClass: 0x8008,
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachRenderData: 0x9002,
  messageProperties: 0x9003,
  attachment: 0x9005,
  codePage: 0x9007,
} as const

const SIGNATURE = 0x223e9f78
const LEVELS: ReadonlyMap<number, TnefAttribute['level']> = new Map([
  [1, 'message'],
  [2, 'attachment'],
])

export interface TnefStream {
  readonly attributes: readonly TnefAttribute[]
  /** It ends within an attribute. */
  readonly damaged: boolean
}

/** Whether bytes begin as a winmail.dat does (MS-OXTNEF §2.1.1). */
export function isTnef(bytes: Uint8Array): boolean {
  return new ByteReader(bytes).u32() === SIGNATURE
}

/**
 * The attributes of a winmail.dat (MS-OXTNEF §2.1.3), as views. Null when it is none. What is no attribute ends it.
 * Checksums are not looked at: the seal around the mail vouches for every byte, and some writers get them wrong.
 */
export function readAttributes(bytes: Uint8Array): TnefStream | null {
  if (!isTnef(bytes)) return null
  const reader = new ByteReader(bytes)
  reader.take(6) // signature and key
  const attributes: TnefAttribute[] = []
  while (reader.left > 0) {
    const level = LEVELS.get(reader.u8() ?? 0)
    if (level === undefined) break
    const id = reader.u32()
    const data = reader.take(reader.u32() ?? Infinity, 2)
    if (id === null || data === null) return { attributes, damaged: true }
    attributes.push({ level, id: id & 0xffff, data })
  }
  return { attributes, damaged: false }
}
