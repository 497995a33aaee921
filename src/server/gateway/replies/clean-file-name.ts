/** Controls, line ends, format characters (RTL override, zero width), lone surrogates, private use, unassigned. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]+/gu
/** RFC 2183 §5: a name says nothing of folders. */
const SEPARATORS = /[/\\]+/g
/** The beginning of an encoded word (RFC 2047), which some programs decode wherever it stands. Attack: what comes out. */
const ENCODED_WORD = /=\?/g
const NAMELESS = 'attachment'

/** A file name as a mail may carry it: one line, nothing invisible, nothing that turns it around, no folder. */
export function cleanFileName(name: string): string {
  const visible = name.normalize('NFC').replaceAll(INVISIBLE, '').replaceAll(SEPARATORS, '_')
  const shown = visible.replaceAll(ENCODED_WORD, '=_').replaceAll(/\s+/gu, ' ').trim()
  return /^\.*$/.test(shown) ? NAMELESS : shown
}
