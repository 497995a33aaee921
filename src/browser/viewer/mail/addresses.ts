import type { Address } from '../../../core/address/address.ts'
import { parseAddress } from '../../../core/address/address.ts'
import { cleanName } from '../../../core/address/clean-name.ts'
import { decodeWords, encodedWordAt } from './encoded-words.ts'
import { MAX_MAILBOXES } from './limits.ts'
import { hasHiddenCharacters } from './shown-text.ts'

/** A mailbox as a person may be shown it: cleaned, and said to be ambiguous when it is. Never used to send. */
export interface ShownMailbox {
  /** Display name; empty when there is none. */
  readonly name: string
  /** As written, without brackets; empty when there is none. */
  readonly address: string
  /** The address to compare with others; null when it is ambiguous or none. */
  readonly canonical: Address | null
  /** RFC 5322 §3.4 group that it is a member of; a group without members is one mailbox without address. */
  readonly group: string | null
  /** Two programs may read it as two different mailboxes, or the name poses as another address. */
  readonly ambiguous: boolean
}

/** An element of the list, still in its pieces. */
interface Element {
  display: string
  readonly brackets: string[]
  comment: string
  group: string | null
  /** Text after the bracket, a bracket, quote or comment without its other half. */
  odd: boolean
}

/** Reads a mailbox list (RFC 5322 §3.4, §4.4) for showing. Tolerant: what it cannot read it shows as ambiguous. */
export function readMailboxes(text: string): readonly ShownMailbox[] {
  const elements = new ListReader(text).read()
  return elements.slice(0, MAX_MAILBOXES).flatMap(showElement)
}

class ListReader {
  readonly #text: string
  readonly #elements: Element[] = []
  #at = 0
  #group: string | null = null
  #groupIsEmpty = false
  #element: Element = emptyElement(null)

  constructor(text: string) {
    this.#text = text
  }

  read(): readonly Element[] {
    for (; this.#at < this.#text.length; this.#at++) this.#step(this.#text.charAt(this.#at))
    this.#finish()
    return this.#elements
  }

  #step(character: string): void {
    const element = this.#element
    const word = encodedWordAt(this.#text, this.#at)
    if (word !== null) this.#addWord(word)
    else if (character === '"') element.display += this.#enclosed('"')
    else if (character === '<') element.brackets.push(this.#enclosed('>').slice(1, -1))
    else if (character === '(') element.comment += this.#comment()
    else if (character === '>') element.odd = true
    else if (character === ',') this.#finish()
    else if (character === ';') this.#endGroup()
    else if (character === ':' && this.#startsGroup()) this.#startGroup()
    else {
      if (element.brackets.length > 0 && character.trim() !== '') element.odd = true
      element.display += character
    }
  }

  /** RFC 2047 §5 (3) forbids these characters, and programs that obey it split the word at them. */
  #addWord(word: string): void {
    this.#element.display += word
    this.#at += word.length - 1
    if (/[<>(),:;"]/.test(word) || this.#element.brackets.length > 0) this.#element.odd = true
  }

  #startsGroup(): boolean {
    const { display, brackets } = this.#element
    return (
      this.#group === null &&
      brackets.length === 0 &&
      display.trim() !== '' &&
      !display.includes('@')
    )
  }

  #startGroup(): void {
    this.#group = plainText(this.#element.display)
    this.#groupIsEmpty = true
    this.#element = emptyElement(this.#group)
  }

  #endGroup(): void {
    this.#finish()
    if (this.#group !== null && this.#groupIsEmpty) {
      this.#elements.push({ ...emptyElement(this.#group), display: this.#group })
    }
    this.#group = null
    this.#element = emptyElement(null)
  }

  #finish(): void {
    const element = this.#element
    if (element.display.trim() !== '' || element.brackets.length > 0) {
      this.#elements.push(element)
      this.#groupIsEmpty = false
    }
    this.#element = emptyElement(this.#group)
  }

  /** From the current character up to `close`, both included. Quotes count inside of brackets. */
  #enclosed(close: string): string {
    const start = this.#at
    let quoted = false
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at)
      if (character === '\\') this.#at++
      else if (character === close && !quoted) return this.#text.slice(start, this.#at + 1)
      else if (character === '"') quoted = !quoted
    }
    this.#element.odd = true
    return this.#text.slice(start) + close
  }

  /** RFC 5322 §3.2.2: comments nest. @returns what is inside. */
  #comment(): string {
    const start = this.#at + 1
    let depth = 1
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at)
      if (character === '\\') this.#at++
      else if (character === '(') depth++
      else if (character === ')' && --depth === 0) return this.#text.slice(start, this.#at)
    }
    this.#element.odd = true
    return this.#text.slice(start)
  }
}

function emptyElement(group: string | null): Element {
  return { display: '', brackets: [], comment: '', group, odd: false }
}

function showElement(element: Element): ShownMailbox[] {
  const { brackets, display, comment, group, odd } = element
  if (brackets.length > 0) {
    const name = plainText(display)
    return brackets.map(bracket => shown(name, bracket, group, odd || brackets.length > 1))
  }
  if (display.includes('@')) return [shown(plainText(comment), display, group, odd)]
  const name = plainText(display)
  return [
    {
      name: cleanName(name),
      address: '',
      canonical: null,
      group: cleanGroup(group),
      ambiguous: name !== group,
    },
  ]
}

function shown(name: string, spec: string, group: string | null, odd: boolean): ShownMailbox {
  const address = cleanAddress(spec)
  // An encoded word is an atom here (RFC 2047 §5): programs that decode it read another address.
  const canonical = spec.includes('=?') ? null : parseAddress(spec.trim())
  const ambiguous = odd || canonical === null || hasHiddenCharacters(name) || posesAs(name, address)
  return { name: cleanName(name), address, canonical, group: cleanGroup(group), ambiguous }
}

/** `boss@bank.example <me@else.example>` */
function posesAs(name: string, address: string): boolean {
  return /[@\uff20\ufe6b]/u.test(name) && cleanName(name).toLowerCase() !== address.toLowerCase()
}

/** Nothing invisible, one line, and short enough to be looked at. */
function cleanAddress(spec: string): string {
  return spec
    .replaceAll(/\([^()]*\)/g, '')
    .trim() // a list folded with a tab (RFC 5322 §2.2.3)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]+/gu, '�')
    .slice(0, 320)
}

function cleanGroup(group: string | null): string | null {
  return group === null ? null : cleanName(group)
}

/** A phrase (RFC 5322 §3.2.5): quotes and backslashes taken off, encoded words decoded. */
function plainText(phrase: string): string {
  const unquoted = phrase.replaceAll(/"((?:[^"\\]|\\.)*)"/gsu, (_match, content: string) =>
    content.replaceAll(/\\(.)/gsu, '$1'),
  )
  return decodeWords(unquoted).trim()
}
