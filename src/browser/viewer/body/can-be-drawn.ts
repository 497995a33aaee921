import { countPixels } from '../letter/preview/count-pixels.ts'
import { MAX_PIXELS } from '../mail/limits.ts'

/** Of an address so much is read; where a picture says how large it is, in base64. Characters. */
const maxRead = 1_400_000
const head = /^data:[^,#]*,/i
/** Of other characters a browser makes several bytes, or one of several: no program writes pictures so. */
const readable = /^[ -[\]-~]*$/

/** Whether the picture of a `data:` address is small enough to be drawn; false where it does not say how large it is. */
export function canBeDrawn(address: string): boolean {
  const bytes = bytesOf(address)
  return bytes !== null && (countPixels(bytes) ?? Infinity) <= MAX_PIXELS
}

/** Its first bytes, as a browser reads them: https://fetch.spec.whatwg.org/#data-url-processor */
function bytesOf(address: string): Uint8Array | null {
  const start = address.slice(0, maxRead).replaceAll(/[\t\r\n]/g, '')
  const before = head.exec(start)?.[0]
  if (before === undefined) return null
  const [data = ''] = start.slice(before.length).split('#', 1)
  if (!readable.test(data)) return null
  const plain = data.includes('%') ? percentDecoded(data) : data
  return /;\s*base64\s*,$/i.test(before) ? fromBase64(plain) : latin1(plain)
}

function percentDecoded(data: string): string {
  return data.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** Whole groups of four alone: it may have been cut anywhere. */
function fromBase64(data: string): Uint8Array | null {
  const packed = data.replaceAll(/[\s=]/g, '')
  try {
    return latin1(atob(packed.length % 4 === 1 ? packed.slice(0, -1) : packed))
  } catch {
    return null
  }
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
