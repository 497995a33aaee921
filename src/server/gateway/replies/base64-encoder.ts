import type { BodyEncoder } from './body-encoder.ts'

/** RFC 2045 §6.8: lines of 76 characters. */
const LINE_CHARACTERS = 76
const LINE_BYTES = 57
const CRLF_BYTES = 2
const nothing = Buffer.alloc(0)

/** Bytes that `bytes` bytes become. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4 + Math.ceil(bytes / LINE_BYTES) * CRLF_BYTES
}

/** Any bytes, in lines that end in CRLF. */
export function base64Encoder(): BodyEncoder {
  let held = nothing
  return {
    push(bytes) {
      const all = held.length === 0 ? asBuffer(bytes) : Buffer.concat([held, bytes])
      const whole = all.length - (all.length % LINE_BYTES)
      // A copy: the caller may use its buffer again.
      held = Buffer.from(all.subarray(whole))
      return inLines(all.subarray(0, whole))
    },
    finish() {
      const rest = inLines(held)
      held = nothing
      return rest
    },
  }
}

function inLines(bytes: Buffer): Buffer {
  const characters = Buffer.from(bytes.toString('base64'), 'latin1')
  const lines = Buffer.alloc(base64Length(bytes.length))
  let at = 0
  for (let from = 0; from < characters.length; from += LINE_CHARACTERS) {
    at += characters.copy(lines, at, from, from + LINE_CHARACTERS)
    at += lines.write('\r\n', at, 'latin1')
  }
  return lines
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
