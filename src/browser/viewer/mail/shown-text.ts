import { MAX_SUBJECT_LENGTH } from './limits.ts'

/** Controls and line ends, and what turns the direction of text: embeddings, overrides, isolates. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu

/** The tab is a blank to everyone. */
export function hasHiddenCharacters(text: string): boolean {
  return text.replaceAll('\t', ' ').search(HIDDEN) >= 0
}

/** One line of text for a page: blanks joined, hidden characters shown by their number, cut at a limit. */
export function shownLine(text: string): string {
  const spaced = text
    .slice(0, MAX_SUBJECT_LENGTH)
    .replaceAll(/[\t\r\n ]+/g, ' ')
    .trim()
  return spaced.replaceAll(HIDDEN, character => `[U+${codeOf(character)}]`)
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
