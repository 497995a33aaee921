import { constants, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { formsOf } from '../../promises/secret-forms.ts'

/**
 * Whether a marker lies in these bytes: as it is, in UTF-16, hexadecimal, base64 or base64url from any place, in lines
 * as mails break them (RFC 2045 §6.7, §6.8), or in anything compressed that begins there.
 */
export function holdsMarker(bytes: Buffer, marker: string): boolean {
  const forms = formsOf(Buffer.from(marker))
  const holds = (one: Buffer): boolean => forms.some(form => one.includes(form))
  const joined = Buffer.from(bytes.toString('latin1').replaceAll(/=?\r?\n/g, ''), 'latin1')
  return [bytes, joined].some(holds) || decompressed(bytes).some(holds)
}

const options = { maxOutputLength: 64 * 1024 * 1024 }
/** What has no end gives what is there. */
const unended = { ...options, finishFlush: constants.Z_SYNC_FLUSH }

/** How each kind begins: RFC 1952 §2.3, RFC 1950 §2.2, RFC 8878 §3.1.1 */
const compressions: readonly (readonly [readonly number[], (bytes: Buffer) => Buffer])[] = [
  [[0x1f, 0x8b, 0x08], bytes => inflateRawSync(bytes.subarray(gzipHeaderBytes(bytes)), unended)],
  ...[0x01, 0x5e, 0x9c, 0xda].map(
    level => [[0x78, level], (bytes: Buffer) => inflateSync(bytes, unended)] as const,
  ),
  [[0x28, 0xb5, 0x2f, 0xfd], bytes => zstdDecompressSync(bytes, options)],
]

/** RFC 1952 §2.3: ten bytes, and by the flags a length with what it counts, a name, a comment, two bytes. */
function gzipHeaderBytes(bytes: Buffer): number {
  const flags = bytes[3] ?? 0
  let at = 10
  if ((flags & 4) !== 0) at += 2 + bytes.readUInt16LE(at)
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = bytes.indexOf(0, at) + 1
  return (flags & 2) === 0 ? at : at + 2
}

/** Whatever comes out where a compression seems to begin, also when its end is missing or something follows. */
function decompressed(bytes: Buffer): readonly Buffer[] {
  return compressions.flatMap(([magic, decompress]) =>
    placesOf(bytes, Buffer.from([...magic])).flatMap(at => {
      try {
        return [decompress(bytes.subarray(at))]
      } catch {
        return []
      }
    }),
  )
}

function placesOf(bytes: Buffer, what: Buffer): readonly number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(what); at !== -1; at = bytes.indexOf(what, at + 1)) places.push(at)
  return places
}
