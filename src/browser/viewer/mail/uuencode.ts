import { joinBytes } from './join-bytes.ts'
import { MAX_PARTS } from './limits.ts'
import { isLineEnd, nextLine } from './header-fields.ts'
import { findBegin } from './uuencode-begin.ts'

export interface UuencodedFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** Offsets of the lines from `begin` to `end` in the text around them. */
  readonly start: number
  readonly end: number
}

const BEGIN = /^begin [0-7]{3,4} ([^\r\n]{1,255})$/

/** The content of the first complete file; null when there is none. */
export function decodeUuencoded(bytes: Uint8Array): Uint8Array | null {
  return findUuencoded(bytes)[0]?.bytes ?? null
}

/**
 * Files that old mailers wrote straight into the text (POSIX `uuencode`). Only complete ones count,
 * every line of its right length up to `end`: a sentence that starts with "begin" stays text.
 */
export function findUuencoded(bytes: Uint8Array): readonly UuencodedFile[] {
  const files: UuencodedFile[] = []
  for (let at = 0; files.length < MAX_PARTS && at < bytes.length;) {
    const start = findBegin(bytes, at)
    if (start < 0) break
    const file = readFile(bytes, start)
    if (file instanceof Object) files.push(file)
    at = file instanceof Object ? file.end : file
  }
  return files
}

/** @returns the offset to go on from when the file is not complete: it lies behind all that was read. */
function readFile(bytes: Uint8Array, start: number): UuencodedFile | number {
  const first = readLine(bytes, start)
  const name = BEGIN.exec(ascii(first.content.subarray(0, 300)))?.[1]
  if (name === undefined) return first.next
  const chunks: Uint8Array[] = []
  for (let at = first.next; at < bytes.length;) {
    const { content, next } = readLine(bytes, at)
    if (content.length === 3 && ascii(content) === 'end') {
      return { name, bytes: joinBytes(chunks), start, end: next }
    }
    const chunk = decodeLine(content)
    if (chunk === null) return at
    chunks.push(chunk)
    at = next
  }
  return bytes.length
}

function readLine(bytes: Uint8Array, start: number): { content: Uint8Array; next: number } {
  const next = nextLine(bytes, start, bytes.length)
  let end = next
  while (end > start && isLineEnd(bytes[end - 1])) end--
  return { content: bytes.subarray(start, end), next }
}

/** Null when it is no line of a uuencoded file: its first character tells how many bytes it holds. */
function decodeLine(line: Uint8Array): Uint8Array | null {
  const length = ((line[0] ?? 0) - 32) & 63
  const digits = line.length - 1
  // Blanks at the end, which stand for zeros, may be lost; a checksum may follow.
  if (digits < 0 || digits < Math.ceil((length * 4) / 3) - 3 || digits > length * 2 + 4) return null
  if (line.some(byte => byte < 32 || byte > 96)) return null
  const result = new Uint8Array(length)
  for (let i = 0, at = 1; i < length; i += 3, at += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map(k => ((line[at + k] ?? 32) - 32) & 63)
    const group = ((a ?? 0) << 18) | ((b ?? 0) << 12) | ((c ?? 0) << 6) | (d ?? 0)
    result.set([group >> 16, group >> 8, group].slice(0, length - i), i)
  }
  return result
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
