import type { Address } from './address.ts'
import { parseAddress } from './address.ts'
import { decodeWords } from './encoded-words.ts'

/** One mailbox of a header field (RFC 5322 §3.4). */
export interface Mailbox {
  /** Display name, encoded words decoded, not cleaned: see `cleanName`. Empty when there is none. */
  readonly name: string
  readonly address: Address
}

/** Longer fields are refused: bounds the work of a header made to be slow. */
const MAX_FIELD_CHARACTERS = 256 * 1024
const MAX_COMMENT_DEPTH = 4

type Token =
  | {
      readonly kind: 'text' | 'quoted' | 'comment'
      readonly text: string
      readonly spaced: boolean
    }
  | { readonly kind: 'special'; readonly text: string; readonly spaced: boolean }

/**
 * Reads the mailbox list of an unfolded From, Sender, To, Cc or Reply-To field, strictly:
 * null when it is malformed or when two programs could read different mailboxes out of it
 * (groups, source routes, comments that hold an address or stand inside one, NUL, line ends).
 */
export function parseMailboxes(fieldBody: string): readonly Mailbox[] | null {
  if (fieldBody.length > MAX_FIELD_CHARACTERS) return null
  const tokens = tokenize(fieldBody)
  if (tokens === null) return null
  const mailboxes = splitAtCommas(tokens).map(readMailbox)
  const valid = mailboxes.filter(mailbox => mailbox !== null)
  return valid.length === mailboxes.length ? valid : null
}

const SPECIAL = /[<>()[\]:;@\\,"]/
const CONTROL = /[^\P{Cc}\t]/u

function tokenize(text: string): readonly Token[] | null {
  if (CONTROL.test(text)) return null
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
    const start = at
    while (text[at] === ' ' || text[at] === '\t') at += 1
    if (at >= text.length) break
    const token = readToken(text, at, at > start)
    if (token === null) return null
    tokens.push(token.token)
    at = token.end
  }
  return tokens
}

function readToken(
  text: string,
  at: number,
  spaced: boolean,
): { token: Token; end: number } | null {
  const first = text.charAt(at)
  if (first === '"') return readQuoted(text, at, spaced)
  if (first === '(') return readComment(text, at, spaced)
  if (SPECIAL.test(first)) {
    if (first === '[' || first === '\\' || first === ')') return null
    return { token: { kind: 'special', text: first, spaced }, end: at + 1 }
  }
  let end = at
  while (end < text.length && !/[<>()[\]:;@\\,"\s]/.test(text.charAt(end))) end += 1
  if (end === at) return null
  return { token: { kind: 'text', text: text.slice(at, end), spaced }, end }
}

/** RFC 5322 §3.2.4; the text keeps its quotes and backslashes. */
function readQuoted(
  text: string,
  at: number,
  spaced: boolean,
): { token: Token; end: number } | null {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end += 1
    else if (text[end] === '"')
      return { token: { kind: 'quoted', text: text.slice(at, end + 1), spaced }, end: end + 1 }
  }
  return null
}

/** RFC 5322 §3.2.2. A comment that holds what an address is made of is refused. */
function readComment(
  text: string,
  at: number,
  spaced: boolean,
): { token: Token; end: number } | null {
  let depth = 0
  for (let end = at; end < text.length; end++) {
    const character = text.charAt(end)
    if (/[@<>,:;\\"]/.test(character)) return null
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth > MAX_COMMENT_DEPTH) return null
    if (depth === 0) {
      const token: Token = { kind: 'comment', text: text.slice(at + 1, end), spaced }
      return { token, end: end + 1 }
    }
  }
  return null
}

function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  for (const token of tokens)
    if (isSpecial(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  return parts
}

function isSpecial(token: Token | undefined, text: string): boolean {
  return token?.kind === 'special' && token.text === text
}

function readMailbox(tokens: readonly Token[]): Mailbox | null {
  const open = tokens.findIndex(token => isSpecial(token, '<'))
  const comments = tokens.filter(token => token.kind === 'comment')
  if (comments.length > 1) return null
  return open === -1 ? readBare(tokens) : readNamed(tokens, open)
}

/** `alice@example.com` or `alice@example.com (Alice)`. */
function readBare(tokens: readonly Token[]): Mailbox | null {
  const last = tokens.at(-1)
  const comment = last?.kind === 'comment' ? last : null
  const spec = comment === null ? tokens : tokens.slice(0, -1)
  const address = readSpec(spec)
  return address && { name: decodeWords(comment?.text ?? ''), address }
}

/** `Alice <alice@example.com>`, a comment behind it or before the bracket. */
function readNamed(tokens: readonly Token[], open: number): Mailbox | null {
  const close = tokens.findIndex(token => isSpecial(token, '>'))
  const behind = tokens.slice(close + 1)
  if (close < open || behind.some(token => token.kind !== 'comment')) return null
  const address = readSpec(tokens.slice(open + 1, close))
  const phrase = tokens.slice(0, open)
  if (address === null || phrase.some(token => token.kind === 'special')) return null
  return { name: phraseText(phrase), address }
}

/** An addr-spec without any comment or space inside. */
function readSpec(tokens: readonly Token[]): Address | null {
  const split = tokens.some((token, i) => token.kind === 'comment' || (i > 0 && token.spaced))
  return split ? null : parseAddress(tokens.map(token => token.text).join(''))
}

/** RFC 5322 §3.2.5 phrase: words joined by single spaces, quoted ones unquoted, comments left out. */
function phraseText(tokens: readonly Token[]): string {
  let text = ''
  for (const token of tokens) {
    if (token.kind === 'comment') continue
    const word =
      token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll(/\\(.)/gu, '$1') : token.text
    text += text !== '' && token.spaced ? ` ${word}` : word
  }
  return decodeWords(text)
}
