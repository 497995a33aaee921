/** Writes what the tests of winmail.dat read back: MS-OXTNEF, MS-OXRTFCP. Written after the specifications, apart from the reader. */

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value & 0xffff)
  return bytes
}

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

const padded = (value: Buffer): Buffer =>
  Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)])

const variable = (value: Buffer): Buffer =>
  Buffer.concat([u32(1), u32(value.length), padded(value)])

export const unicode = (tag: number, text: string): Buffer =>
  Buffer.concat([u16(0x1f), u16(tag), variable(Buffer.from(`${text}\0`, 'utf16le'))])

export const string8 = (tag: number, bytes: Buffer): Buffer =>
  Buffer.concat([u16(0x1e), u16(tag), variable(Buffer.concat([bytes, Buffer.alloc(1)]))])

export const binary = (tag: number, bytes: Buffer): Buffer =>
  Buffer.concat([u16(0x102), u16(tag), variable(bytes)])

export const object = (tag: number, bytes: Buffer): Buffer =>
  Buffer.concat([u16(0x0d), u16(tag), variable(Buffer.concat([Buffer.alloc(16, 7), bytes]))])

export const long = (tag: number, value: number): Buffer =>
  Buffer.concat([u16(3), u16(tag), u32(value)])

const fileTime = (ms: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE((BigInt(ms) + 11_644_473_600_000n) * 10_000n)
  return bytes
}

export const time = (tag: number, ms: number): Buffer =>
  Buffer.concat([u16(0x40), u16(tag), fileTime(ms)])

/** Several values of one size. */
export const manyLongs = (tag: number, ...values: readonly number[]): Buffer =>
  Buffer.concat([u16(0x1003), u16(tag), u32(values.length), ...values.map(u32)])

const APPOINTMENT = Buffer.from('0220060000000000c000000000000046', 'hex')

/** The head of a string with a name of that kind. */
const named = (tag: number, kind: number): Buffer =>
  Buffer.concat([u16(0x1f), u16(tag), APPOINTMENT, u32(kind)])

/** A time of an appointment (MS-OXOCAL). */
export const appointmentTime = (number: number, ms: number): Buffer =>
  Buffer.concat([u16(0x40), u16(0x8001), APPOINTMENT, u32(0), u32(number), fileTime(ms)])

export const appointmentText = (number: number, text: string): Buffer =>
  Buffer.concat([named(0x8002, 0), u32(number), variable(Buffer.from(`${text}\0`, 'utf16le'))])

/** Named by words. */
export const namedText = (name: string, text: string): Buffer => {
  const spelled = Buffer.from(`${name}\0`, 'utf16le')
  return Buffer.concat([
    named(0x8003, 1),
    u32(spelled.length),
    padded(spelled),
    variable(Buffer.from(`${text}\0`, 'utf16le')),
  ])
}

export const properties = (...all: readonly Buffer[]): Buffer =>
  Buffer.concat([u32(all.length), ...all])

export const attribute = (level: 1 | 2, id: number, data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.of(level),
    u32(id),
    u32(data.length),
    data,
    u16(data.reduce((sum, byte) => sum + byte, 0)),
  ])

export const messageProperties = (...all: readonly Buffer[]): Buffer =>
  attribute(1, 0x0006_9003, properties(...all))

export interface WrittenFile {
  readonly title?: Buffer
  readonly data?: Buffer
  readonly properties?: readonly Buffer[]
}

export function file({ title, data, properties: all }: WrittenFile): Buffer {
  return Buffer.concat([
    attribute(2, 0x0006_9002, Buffer.alloc(14)),
    ...(data === undefined ? [] : [attribute(2, 0x0006_800f, data)]),
    ...(title === undefined
      ? []
      : [attribute(2, 0x0001_8010, Buffer.concat([title, Buffer.alloc(1)]))]),
    ...(all === undefined ? [] : [attribute(2, 0x0006_9005, properties(...all))]),
  ])
}

export function winmail(codePage: number, ...attributes: readonly Buffer[]): Buffer {
  return Buffer.concat([
    u32(0x223e9f78),
    u16(1),
    attribute(1, 0x0008_9006, u32(0x10000)),
    attribute(1, 0x0006_9007, Buffer.concat([u32(codePage), u32(0)])),
    ...attributes,
  ])
}

const DICTIONARY = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor ' +
    'MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
)

/** Compressed with the longest earlier run of each place (MS-OXRTFCP §3.2). */
export function compressRtf(rtf: Buffer): Buffer {
  const window = [...DICTIONARY]
  const tokens: (readonly number[])[] = []
  for (let at = 0; at < rtf.length;) {
    const { start, length } = longestRun(window, rtf, at)
    const run = length >= 2 ? rtf.subarray(at, at + length) : rtf.subarray(at, at + 1)
    const pair = ((start % 4096) << 4) | (length - 2)
    tokens.push(length >= 2 ? [pair >> 8, pair & 255] : [...run])
    window.push(...run)
    at += run.length
  }
  const end = (window.length % 4096) << 4
  tokens.push([end >> 8, end & 255])
  const body = packed(tokens)
  return Buffer.concat([u32(body.length + 12), u32(rtf.length), u32(0x75465a4c), u32(0), body])
}

function longestRun(
  window: readonly number[],
  rtf: Buffer,
  at: number,
): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = Math.max(0, window.length - 4000); start < window.length; start++) {
    let length = 0
    while (
      length < 17 &&
      at + length < rtf.length &&
      start + length < window.length &&
      window[start + length] === rtf[at + length]
    )
      length++
    if (length > best.length) best = { start, length }
  }
  return best
}

function packed(tokens: readonly (readonly number[])[]): Buffer {
  const bytes: number[] = []
  for (let at = 0; at < tokens.length; at += 8) {
    const group = tokens.slice(at, at + 8)
    bytes.push(group.reduce((bits, token, i) => bits | (token.length === 2 ? 1 << i : 0), 0))
    for (const token of group) bytes.push(...token)
  }
  return Buffer.from(bytes)
}

/** HTML wrapped in RTF (MS-OXRTFEX §2.1): tags in groups, text between them, a copy for readers of RTF. */
export function encapsulate(html: string): Buffer {
  const pieces = html.match(/<[^>]*>|&#?\w+;|[^<&]+/g) ?? []
  const body = pieces.map(piece => {
    if (piece.startsWith('<'))
      return `{\\*\\htmltag64 ${escapeRtf(piece)}}\\htmlrtf {\\b \\htmlrtf0 `
    if (piece.startsWith('&')) return `{\\*\\htmltag84 ${escapeRtf(piece)}}\\htmlrtf ?\\htmlrtf0 `
    return escapeRtf(piece)
  })
  return Buffer.from(
    `{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0;}\r\n${body.join('')}}`,
    'latin1',
  )
}

function escapeRtf(text: string): string {
  return text
    .replaceAll(/[\\{}]/g, '\\$&')
    .replaceAll('\n', '\\par ')
    .replaceAll('\t', '\\tab ')
    .replaceAll(/[\u0080-\uffff]/g, character => {
      const code = character.charCodeAt(0)
      return `\\u${code > 0x7fff ? code - 0x10000 : code}?`
    })
}
