import { decodeCharset, oneByte } from './charset.ts'
import { MAX_CONTENT_LINES, MAX_PARAMETERS } from './limits.ts'
import { decodeQuotedPrintable } from './transfer-encoding.ts'

/** A line of a calendar (RFC 5545 §3.1) or card (RFC 6350 §3.3). */
export interface ContentLine {
  /** Upper case, without the group that cards may put before it. */
  readonly name: string
  /** Values by upper-case name. What vCard 2.1 writes without a name counts as a TYPE or, where it is one, an ENCODING. */
  readonly parameters: ReadonlyMap<string, readonly string[]>
  /** Unfolded, quoted-printable decoded; escapes are left as they are. */
  readonly value: string
}

/** Reads the lines of a file. What is no content line is left out, and what follows the limit. Never throws. */
export function readContentLines(
  bytes: Uint8Array,
  charset: string | null,
): readonly ContentLine[] {
  const text = decodeCharset(unfold(bytes), charset ?? namedCharset(bytes)).text
  const raw = text
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '')
    .split(/\r\n|\r|\n/, MAX_CONTENT_LINES)
  const lines: ContentLine[] = []
  for (let at = 0; at < raw.length; at++) {
    const parts = [raw[at] ?? '']
    while (isSoftBreak(parts[0] ?? '', parts.at(-1) ?? '') && at + 1 < raw.length) {
      parts.push((raw[++at] ?? '').trimStart())
    }
    const line = readLine(parts)
    if (line !== null) lines.push(line)
  }
  return lines
}

/** A character may be torn over two lines (RFC 5545 §3.1): before it is decoded. */
function unfold(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length)
  let out = 0
  for (let at = 0; at < bytes.length; at++) {
    const folded = lengthOfFold(bytes, at)
    if (folded > 0) at += folded - 1
    else result[out++] = bytes[at] ?? 0
  }
  return result.subarray(0, out)
}

/** Of a line end with the blank that follows it; 0 when there is none. */
function lengthOfFold(bytes: Uint8Array, at: number): number {
  const lineEnd = bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : bytes[at] === 10 ? 1 : 0
  if (lineEnd === 0) return 0
  const next = bytes[at + lineEnd]
  return next === 32 || next === 9 ? lineEnd + 1 : 0
}

/** vCard 2.1 names it at the lines: the first one counts for what is not quoted-printable. */
function namedCharset(bytes: Uint8Array): string | null {
  const head = oneByte.decode(bytes.subarray(0, 4096))
  return /;CHARSET=([\w-]{1,40})[;:]/i.exec(head)?.[1] ?? null
}

/** vCard 2.1: lines in quoted-printable go on after a `=` at their end. */
function isSoftBreak(first: string, last: string): boolean {
  return last.endsWith('=') && QUOTED_PRINTABLE.test(first)
}
const QUOTED_PRINTABLE = /^[^:]{1,200};(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i

function readLine(parts: readonly string[]): ContentLine | null {
  const line = parts[0] ?? ''
  const name = /^(?:[\w-]{1,60}\.)?([\w-]{1,60})(?=[;:])/.exec(line)
  if (name?.[1] === undefined) return null
  const { parameters, end } = readParameters(line, name[0].length)
  const value = [line.slice(end + 1), ...parts.slice(1)]
  return { name: name[1].toUpperCase(), parameters, value: decode(value, parameters) }
}

function decode(
  parts: readonly string[],
  parameters: ReadonlyMap<string, readonly string[]>,
): string {
  if (parameters.get('ENCODING')?.[0]?.toUpperCase() !== 'QUOTED-PRINTABLE') return parts.join('')
  const bytes = decodeQuotedPrintable(new TextEncoder().encode(parts.join('\n')))
  return decodeCharset(bytes, parameters.get('CHARSET')?.[0] ?? null).text.replaceAll('\r\n', '\n')
}

/** From the first `;` up to the `:` before the value. @returns where that is; the end of the line when there is none. */
function readParameters(
  line: string,
  start: number,
): { parameters: ReadonlyMap<string, readonly string[]>; end: number } {
  const parameters = new Map<string, string[]>()
  const piece = /;([^=;:]{0,60})(?:=((?:"[^"]*"|[^";:]*)*))?/y
  piece.lastIndex = start
  let end = start
  for (let count = 0; count < MAX_PARAMETERS; count++) {
    const match = piece.exec(line)
    if (match === null) break
    end = piece.lastIndex
    const [name, values] = nameAndValues(match[1] ?? '', match[2])
    const known = parameters.get(name)
    if (known === undefined) parameters.set(name, values)
    else for (const value of values) known.push(value)
  }
  const colon = line.indexOf(':', end)
  return { parameters, end: colon < 0 ? line.length : colon }
}

function nameAndValues(name: string, values: string | undefined): [string, string[]] {
  if (values !== undefined) return [name.trim().toUpperCase(), splitValues(values)]
  const bare = name.trim().toUpperCase()
  return [/^(?:QUOTED-PRINTABLE|BASE64|B)$/.test(bare) ? 'ENCODING' : 'TYPE', [bare]]
}

/** At commas outside of quotes; RFC 6868 escapes. */
function splitValues(text: string): string[] {
  const values = text.match(/"[^"]*"|[^",]+/g) ?? []
  return values.map(value =>
    value
      .replaceAll('"', '')
      .replaceAll(/\^([n'^])/g, (_, escaped: string) =>
        escaped === 'n' ? '\n' : escaped === "'" ? '"' : '^',
      ),
  )
}

/** RFC 5545 §3.3.11, RFC 6350 §3.4 */
export function unescapeText(value: string): string {
  return value.replaceAll(/\\(.)/gsu, (_, escaped: string) =>
    escaped === 'n' || escaped === 'N' ? '\n' : escaped,
  )
}
