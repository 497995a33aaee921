import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'

export interface Report {
  /** `P1`. performance.md */
  readonly id: string
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** A sentence each: what was reached and what was to be reached. */
  readonly verdicts: readonly Verdict[]
  /** What a reader of the figures must know: a rival that was missing, a limit of the machine. */
  readonly notes: readonly string[]
  /** Everything measured, for programs. */
  readonly raw: unknown
}

export interface Verdict {
  readonly text: string
  readonly reached: boolean
}

export const atLeast = (what: string, value: number, wanted: number, unit = ' ×'): Verdict => ({
  text: `${what}: ${format(value)}${unit} (to reach: ≥ ${wanted}${unit})`,
  reached: value >= wanted,
})

export const atMost = (what: string, value: number, wanted: number, unit = ''): Verdict => ({
  text: `${what}: ${format(value)}${unit} (to reach: ≤ ${wanted}${unit})`,
  reached: value <= wanted,
})

export const format = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

/** The report as Markdown, the way docs/performance.md shows it. */
export function renderReport(report: Report): string {
  const widths = report.columns.map((column, index) =>
    Math.max(column.length, ...report.rows.map(row => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  return [
    `## ${report.id}: ${report.title}`,
    '',
    line(report.columns),
    `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`,
    ...report.rows.map(line),
    '',
    ...report.verdicts.map(
      ({ text, reached }) => `- ${reached ? 'reached' : 'NOT reached'}: ${text}`,
    ),
    ...report.notes.map(note => `- note: ${note}`),
    '',
  ].join('\n')
}

/** Writes bench/output/P1.json; returns its path. */
export function writeReport(report: Report, machine: Machine): string {
  const folder = fileURLToPath(new URL('../output/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const path = `${folder}${report.id}.json`
  const measuredAt = new Date().toISOString()
  writeFileSync(path, `${JSON.stringify({ ...report, machine, measuredAt }, null, 2)}\n`)
  return path
}
