import { joinBytes } from './join-bytes.ts'
import { decodeCharset } from './charset.ts'
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts'
import { Warnings } from './warning.ts'

/** RFC 2047 §2, as senders write it: blanks and lone question marks inside, no blank around. */
const WORD = /=\?([^?\s]{0,60})\?([BbQq])\?((?:[^?=]|\?(?!=)|=(?!\?[^=]))*)\?=/g

/** The encoded word that starts at an offset of a text; null when there is none. */
export function encodedWordAt(text: string, offset: number): string | null {
  if (!text.startsWith('=?', offset)) return null
  const word = new RegExp(WORD.source, 'y')
  word.lastIndex = offset
  return word.exec(text)?.[0] ?? null
}

interface Word {
  readonly charset: string
  readonly bytes: Uint8Array
}

/**
 * Unfolds a raw field body (RFC 5322 §2.2.3) and makes text of it: UTF-8 (RFC 6532), else in the
 * charset `fallback`, else in what it looks like.
 * Encoded words are left as they are.
 */
export function fieldText(raw: Uint8Array, fallback: string | null = null): string {
  const unfolded =
    raw.includes(10) || raw.includes(13) ? raw.filter(b => b !== 10 && b !== 13) : raw
  return decodeCharset(unfolded, null, fallback).text.trim()
}

/** Replaces encoded words (RFC 2047) by their text. Neighbours are joined before their charset is decoded. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  let result = ''
  let words: Word[] = []
  let end = 0
  for (const match of text.matchAll(WORD)) {
    const between = text.slice(end, match.index)
    if (words.length === 0 || between.trim() !== '') {
      result += textOfWords(words) + between
      words = []
    }
    words.push(readWord(match[1] ?? '', match[2] ?? '', match[3] ?? ''))
    end = match.index + match[0].length
  }
  return result + textOfWords(words) + text.slice(end)
}

function readWord(charset: string, encoding: string, content: string): Word {
  const bytes = new TextEncoder().encode(content)
  const isBase64 = encoding.toUpperCase() === 'B'
  return {
    // What is not ASCII in a word (RFC 2047 §2 forbids it) has been decoded with the field: it is UTF-8 now.
    charset: bytes.length === content.length ? charset : 'utf-8',
    bytes: isBase64 ? decodeBase64(bytes, new Warnings()) : decodeQ(bytes),
  }
}

/** RFC 2047 §4.2 */
function decodeQ(bytes: Uint8Array): Uint8Array {
  return decodeQuotedPrintable(bytes.map(byte => (byte === 95 ? 32 : byte)))
}

/** A character may be torn over two words of the same charset, although RFC 2047 §5 forbids it. */
function textOfWords(words: readonly Word[]): string {
  let text = ''
  for (let i = 0; i < words.length;) {
    const charset = words[i]?.charset ?? ''
    let next = i + 1
    while (words[next]?.charset.toLowerCase() === charset.toLowerCase()) next++
    text += decodeCharset(joinBytes(words.slice(i, next).map(({ bytes }) => bytes)), charset).text
    i = next
  }
  return text
}
