import { fromLooseBase64 } from '../envelope/base64.ts'

/** RFC 2047 §2; charset and language (RFC 2231 §5), encoding, text. */
const WORD = /=\?([A-Za-z0-9_:.-]{1,40})(?:\*[A-Za-z0-9-]{1,40})?\?([BbQq])\?([!->@-~]{0,990})\?=/g
/** White space between two encoded words is no text. RFC 2047 §6.2 */
const BETWEEN = /(\?=)[ \t]+(?==\?[A-Za-z0-9_:.*-]{1,80}\?[BbQq]\?)/g

/** Decodes the encoded words of an unstructured text or phrase; leaves alone what cannot be decoded. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  return text
    .replaceAll(BETWEEN, '$1')
    .replaceAll(WORD, (word, charset: string, encoding: string, content: string) => {
      const bytes = encoding.toUpperCase() === 'B' ? decodeB(content) : decodeQ(content)
      return (bytes && decodeCharset(charset, bytes)) ?? word
    })
}

function decodeB(content: string): Uint8Array | null {
  const padded = content.padEnd(Math.ceil(content.length / 4) * 4, '=')
  return fromLooseBase64(new TextEncoder().encode(padded))
}

function decodeQ(content: string): Uint8Array | null {
  const bytes: number[] = []
  for (let i = 0; i < content.length; i++) {
    const character = content.charAt(i)
    if (character === '=') {
      const digits = content.slice(i + 1, i + 3)
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return null
      bytes.push(Number.parseInt(digits, 16))
      i += 2
    } else bytes.push(character === '_' ? 32 : character.charCodeAt(0))
  }
  return Uint8Array.from(bytes)
}

function decodeCharset(charset: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return null // a charset this runtime does not have
  }
}
