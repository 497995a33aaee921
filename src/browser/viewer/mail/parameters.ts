import { decodeCharset } from './charset.ts'
import { decodeWords } from './encoded-words.ts'
import { MAX_PARAMETERS } from './limits.ts'
import { hexPair } from './transfer-encoding.ts'

/** The value of a field such as Content-Type, lower case, and its parameters by lower-case name. */
export interface ParameterField {
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads `value; name=value; …` (RFC 2045 §5.1) with continuations and charsets (RFC 2231).
 * Takes what senders really write: missing quotes, values with blanks, encoded words. Never throws.
 */
export function parseParameters(text: string): ParameterField {
  const reader = new Reader(text.replace(NO_SEMICOLON, '$1;'))
  const value = reader.upTo(';').trim().toLowerCase()
  const raw = new Map<string, string>()
  while (!reader.done && raw.size < MAX_PARAMETERS) {
    const name = reader.upTo('=;').trim().toLowerCase()
    if (reader.last !== '=') continue
    const content = reader.value()
    if (name !== '' && !raw.has(name)) raw.set(name, content)
  }
  return { value, parameters: joinSections(raw) }
}

/** `value name=value`: senders forget the semicolon. */
const NO_SEMICOLON = /^\s*([^\s;="(]+)\s+(?=[\w*-]+=)/

class Reader {
  readonly #text: string
  #at = 0
  /** The delimiter that ended the last read; empty at the end. */
  last = ''

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  /** Everything before one of the delimiters, comments (RFC 822) left out. */
  upTo(delimiters: string): string {
    let result = ''
    for (; !this.done; this.#at++) {
      const character = this.#text.charAt(this.#at)
      if (delimiters.includes(character)) break
      if (character === '(') this.#skipComment()
      else result += character
    }
    this.last = this.#text.charAt(this.#at++)
    return result
  }

  value(): string {
    while (this.#text.charAt(this.#at) === ' ' || this.#text.charAt(this.#at) === '\t') this.#at++
    if (this.#text.charAt(this.#at) !== '"') return this.#unquoted()
    const content = this.#quoted()
    const end = this.#text.indexOf(';', this.#at)
    this.#at = end < 0 ? this.#text.length : end + 1
    return content
  }

  /** A forgotten semicolon: another `name=` after a blank ends the value. */
  #unquoted(): string {
    const found = this.#text.indexOf(';', this.#at)
    const end = found < 0 ? this.#text.length : found
    const content = this.#text.slice(this.#at, end)
    this.#at = end + 1
    return content.replace(/\s[a-z*\d-]+=.*$/is, '').trim()
  }

  /** A backslash before anything but quote and backslash is a character of its own (`C:\temp`). */
  #quoted(): string {
    const start = ++this.#at
    for (; !this.done && this.#text.charAt(this.#at) !== '"'; this.#at++) {
      if (this.#text.charAt(this.#at) === '\\') this.#at++
    }
    const content = this.#text.slice(start, this.#at)
    this.#at++
    return content.replaceAll(/\\(["\\])/g, '$1')
  }

  #skipComment(): void {
    const end = this.#text.indexOf(')', this.#at)
    this.#at = end < 0 ? this.#text.length : end
  }
}

interface Section {
  readonly index: number
  readonly extended: boolean
  readonly content: string
}

/** RFC 2231 §3 and §4. The extended form of a parameter wins over the plain one. */
function joinSections(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const plain = new Map<string, string>()
  const sections = new Map<string, Section[]>()
  for (const [key, content] of raw) {
    const form = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(key)
    if (form?.[1] === undefined || (form[2] ?? form[3]) === undefined)
      plain.set(key, decodeWords(content))
    else {
      const section = { index: Number(form[2] ?? 0), extended: form[3] !== undefined, content }
      sections.set(form[1], [...(sections.get(form[1]) ?? []), section])
    }
  }
  for (const [name, list] of sections) {
    const joined = decodeSections(list.toSorted((a, b) => a.index - b.index))
    if (joined !== '' || !plain.has(name)) plain.set(name, joined)
  }
  return plain
}

function decodeSections(sections: readonly Section[]): string {
  const inOrder = sections.filter((section, i) => section.index === i)
  if (!inOrder.some(section => section.extended)) {
    return decodeWords(inOrder.map(section => section.content).join(''))
  }
  const first = /^([^']*)'[^']*'(.*)$/s.exec(inOrder[0]?.content ?? '')
  const charset = inOrder[0]?.extended === true && first !== null ? (first[1] ?? '') : null
  const bytes = inOrder.flatMap(({ content, extended }, i) => {
    const data = i === 0 && charset !== null ? (first?.[2] ?? '') : content
    return extended ? percentDecode(data) : [...new TextEncoder().encode(data)]
  })
  const { text: joined } = decodeCharset(Uint8Array.from(bytes), charset)
  return charset === null ? decodeWords(joined) : joined
}

function percentDecode(text: string): number[] {
  const bytes = new TextEncoder().encode(text)
  const result: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const value = bytes[i] === 37 ? hexPair(bytes[i + 1], bytes[i + 2]) : -1
    result.push(value < 0 ? (bytes[i] ?? 0) : value)
    if (value >= 0) i += 2
  }
  return result
}
