/** Controls but the line end, and characters that hide or turn text around. */
const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/gu

/** A text of someone else for a person's screen. Attack: escape sequences that rewrite what was said above. */
export function visibleText(text: string): string {
  return text.replaceAll(
    UNSEEN,
    character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** The same on one line. Attack: a name with a line end that makes a row of its own. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', '\\u{a}')
}
