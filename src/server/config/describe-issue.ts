import type { z } from 'zod'
import { nearestName } from './nearest-name.ts'
import { type PathPart, formatPath, keysOf, schemaAt } from './walk-schema.ts'

export interface Described {
  readonly path: readonly PathPart[]
  readonly message: string
}

/** What zod found, as lines for a person: what is wrong and what to do. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
): readonly Described[] {
  const path = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...path, key], message: unknownKey(path, key, schema) }))
  return [{ path, message: describe(issue, valueAt(value, path)) }]
}

function unknownKey(path: readonly PathPart[], key: string, schema: z.ZodType): string {
  const known = keysOf(schemaAt(schema, path))
  const near = nearestName(key, known)
  if (near !== undefined) return `unknown key: did you mean ${formatPath([...path, near])}?`
  return `unknown key: remove it, or write one of ${known.join(', ')}`
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type') return wrongType(nameOf(issue.expected), value)
  if (issue.code === 'invalid_value')
    return `${shown(value)} is not known: write one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return tooSmall(issue.minimum, value)
  if (issue.code === 'too_big') return tooBig(issue.maximum, value)
  return `${shown(value)} does not fit: ${issue.message}`
}

function wrongType(expected: string, value: unknown): string {
  if (value === undefined) return `missing: write ${expected}`
  return `${shown(value)} is not ${expected}: write ${expected}`
}

function tooSmall(minimum: number | bigint, value: unknown): string {
  if (typeof value === 'number') return `${value} is too small: write at least ${minimum}`
  if (Array.isArray(value)) return 'the list is empty: add an entry'
  return 'empty: write a text'
}

function tooBig(maximum: number | bigint, value: unknown): string {
  if (typeof value === 'number') return `${value} is too large: write at most ${maximum}`
  return `too long: write at most ${maximum} characters`
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text (in quotation marks where YAML would read something else)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section of keys',
}

const nameOf = (type: string): string => NAMES[type] ?? type

/** Short enough for one line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function valueAt(value: unknown, path: readonly PathPart[]): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === 'object' && current !== null
        ? (current as Record<PathPart, unknown>)[part]
        : undefined,
    value,
  )
}
