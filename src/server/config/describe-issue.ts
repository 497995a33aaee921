import { z } from 'zod'
import { nearestName } from './nearest-name.ts'
import { type PathPart, formatPath, keysOf, kindOf, schemaAt, unwrap } from './walk-schema.ts'

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
  const found = valueAt(value, path)
  const show = mayHoldSecret(schemaAt(schema, path)) ? unshown : shown
  return [{ path, message: describe(issue, found, show) }]
}

function unknownKey(path: readonly PathPart[], key: string, schema: z.ZodType): string {
  const known = keysOf(schemaAt(schema, path))
  const near = nearestName(key, known)
  if (near !== undefined) return `unknown key: did you mean ${formatPath([...path, near])}?`
  return `unknown key: remove it, or write one of ${known.join(', ')}`
}

type Show = (value: unknown) => string

function describe(issue: z.core.$ZodIssue, value: unknown, show: Show): string {
  if (issue.code === 'invalid_type') return wrongType(nameOf(issue.expected), value, show)
  if (issue.code === 'invalid_value')
    return `${show(value)} is not known: write one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return tooSmall(issue.minimum, value)
  if (issue.code === 'too_big') return tooBig(issue.maximum, value)
  return `${show(value)} does not fit: ${issue.message}`
}

function wrongType(expected: string, value: unknown, show: Show): string {
  if (value === undefined) return `missing: write ${expected}`
  const advice = expected === NAMES['string'] ? `${expected} in quotation marks` : expected
  return `${show(value)} is not ${expected}: write ${advice}`
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
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section of keys',
}

const nameOf = (type: string): string => NAMES[type] ?? type

/** Somebody may have written the secret itself where its name, or a section with its name, belongs; errors go to logs. */
function mayHoldSecret(schema: z.ZodType | undefined): boolean {
  const kind = kindOf(schema)
  if (kind !== undefined) return kind !== 'path'
  const inner = schema && unwrap(schema)
  if (inner instanceof z.ZodArray) return mayHoldSecret(unwrap(inner.element))
  if (!(inner instanceof z.ZodObject)) return false
  return Object.values(inner.shape).some(field => mayHoldSecret(unwrap(field)))
}

/** Tells no letter of it. */
const unshown = (): string => 'what stands there'

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
