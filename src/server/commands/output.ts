import { once } from 'node:events'
import { CommandError } from './command-error.ts'
import type { Terminal } from './terminal.ts'
import { visibleLine } from './visible-text.ts'

/**
 * Refuses to write bytes to a person's screen.
 * @param example what to type instead
 * @throws CommandError
 */
export function needsRedirect(terminal: Terminal, example: string): void {
  if (terminal.interactive.stdout)
    throw new CommandError(`the output is a file, not text for a screen; write: ${example}`)
}

/** Writes and waits until there is room for more. */
export async function write(terminal: Terminal, bytes: Uint8Array | string): Promise<void> {
  if (!terminal.stdout.write(bytes)) await once(terminal.stdout, 'drain')
}

/** JSON leaves these as they are (RFC 8259 §7), and a terminal may obey them. */
const LEFT_BY_JSON = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu

/** One JSON document, for programs. */
export const writeJson = (terminal: Terminal, value: unknown): Promise<void> =>
  write(terminal, `${JSON.stringify(value, null, 2).replaceAll(LEFT_BY_JSON, escapedInJson)}\n`)

function escapedInJson(character: string): string {
  const units = character.split('').map(unit => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  return units.map(unit => `\\u${unit}`).join('')
}

/** Rows under headings, in columns as wide as they need to be. */
export function renderTable(
  columns: readonly string[],
  given: readonly (readonly string[])[],
): string {
  const rows = given.map(row => row.map(visibleLine))
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map(row => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return `${[columns, ...rows].map(line).join('\n')}\n`
}

/** `2026-11-21 04:05:06`, in UTC; `never` for null. */
export const formatTime = (ms: number | null): string =>
  ms === null ? 'never' : new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
