/** What people and their keyboards put between digits: blanks, dashes, dots, invisible marks. */
const BETWEEN = /[\s\p{Zs}\p{Pd}\p{Cf}.·_]+/gu

/**
 * Eight ASCII digits from what a person typed or pasted: blanks and dashes between, full-width and
 * other scripts' decimal digits are accepted. Null when it is no passcode.
 */
export function normaliseCode(typed: string): string | null {
  const digits = typed
    .normalize('NFKC')
    .replaceAll(BETWEEN, '')
    .replaceAll(/\p{Nd}/gu, asciiDigit)
  return /^\d{8}$/.test(digits) ? digits : null
}

/** A script's ten digits stand in a row (Unicode §4.6): the value is the distance to the row's start. */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(point - value - 1))) value += 1
  return String(value)
}
