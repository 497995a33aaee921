import { z } from 'zod'
import { nearestName } from './nearest-name.ts'
import { type PathPart, formatPath, keysOf, unwrap } from './walk-schema.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Variables that are no settings: the demo's ports. contract.md */
const OTHERS = /^ZEGEL_DEMO_/
const PREFIX = 'ZEGEL_'

/** A value from the environment, and where it belongs. */
export interface Setting {
  readonly variable: string
  readonly path: readonly PathPart[]
  readonly value: unknown
}

export interface BadVariable {
  readonly variable: string
  readonly message: string
}

export interface Settings {
  readonly settings: readonly Setting[]
  readonly bad: readonly BadVariable[]
}

/** `['gateway', 'nextHop', 'port']` → `ZEGEL_GATEWAY_NEXTHOP_PORT` */
export function variableName(path: readonly PathPart[]): string {
  return PREFIX + path.map(part => String(part).toUpperCase()).join('_')
}

/**
 * The settings that the environment holds. Names in `secrets` are not looked at: `env:NAME` in the file says that
 * they hold a secret.
 */
export function readEnvironment(
  environment: Environment,
  schema: z.ZodType,
  secrets: ReadonlySet<string>,
): Settings {
  const settings: Setting[] = []
  const bad: BadVariable[] = []
  for (const variable of Object.keys(environment).toSorted(inOrder)) {
    const text = environment[variable]
    if (text === undefined || !isSetting(variable) || secrets.has(variable)) continue
    const found = readVariable(variable, text, schema)
    if ('message' in found) bad.push(found)
    else settings.push(found)
  }
  return { settings, bad }
}

/** Entries of a list by their number (2 before 10), a section before what is in it. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

function isSetting(variable: string): boolean {
  return variable.startsWith(PREFIX) && !OTHERS.test(variable)
}

function readVariable(variable: string, text: string, schema: z.ZodType): Setting | BadVariable {
  const found = findPath(variable.slice(PREFIX.length).split('_'), schema)
  if ('unknown' in found) return { variable, message: unknownVariable(found) }
  try {
    return { variable, path: found.path, value: readValue(text, found.schema) }
  } catch {
    return { variable, message: `not JSON: write ${exampleOf(found.schema)}` }
  }
}

interface Found {
  readonly path: readonly PathPart[]
  readonly schema: z.ZodType
}

interface NotFound {
  readonly path: readonly PathPart[]
  readonly unknown: string
  /** What stands behind it. */
  readonly rest: readonly string[]
  readonly known: readonly string[]
}

/** A key is one segment in capitals, a place in a list is its number from 0. */
function findPath(segments: readonly string[], root: z.ZodType): Found | NotFound {
  let schema = unwrap(root)
  const path: PathPart[] = []
  for (const [index, segment] of segments.entries()) {
    const known = keysOf(schema)
    const key = known.find(name => name.toUpperCase() === segment)
    if (schema instanceof z.ZodArray && /^\d{1,3}$/.test(segment)) {
      path.push(Number(segment))
      schema = unwrap(schema.element)
    } else if (schema instanceof z.ZodObject && key !== undefined) {
      path.push(key)
      schema = unwrap(schema.shape[key])
    } else return { path, unknown: segment, rest: segments.slice(index + 1), known }
  }
  return { path, schema }
}

function unknownVariable({ path, unknown, rest, known }: NotFound): string {
  const near = nearestName(unknown, known)
  if (near === undefined)
    return `unknown setting${path.length > 0 ? ` in ${formatPath(path)}` : ''}: remove it`
  return `unknown setting: did you mean ${variableName([...path, near, ...rest])}?`
}

/** @throws SyntaxError when JSON is needed and this is none */
function readValue(text: string, schema: z.ZodType): unknown {
  if (schema instanceof z.ZodObject) return JSON.parse(text)
  if (schema instanceof z.ZodArray) return readList(text, schema)
  if (schema instanceof z.ZodNumber && /^\d+$/.test(text)) return Number(text)
  if (schema instanceof z.ZodBoolean && /^(true|false)$/.test(text)) return text === 'true'
  return text
}

function readList(text: string, schema: z.ZodArray): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return []
  if (trimmed.startsWith('[') || !isTextList(schema)) return JSON.parse(trimmed)
  return trimmed.split(',').map(item => item.trim())
}

function isTextList(schema: z.ZodArray): boolean {
  return unwrap(schema.element) instanceof z.ZodString
}

function exampleOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray)
    return isTextList(schema) ? 'a,b or ["a","b"]' : '[{"key":"value"}]'
  return '{"key":"value"}'
}
