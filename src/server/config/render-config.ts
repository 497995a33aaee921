import { stringify } from 'yaml'
import { z } from 'zod'
import { type ConfigInput, configSchema } from './schema.ts'
import { unwrap } from './walk-schema.ts'

const HEAD = `# Zegel: the configuration of an installation.
# Lines that begin with # show what holds when nothing is said. Every key: docs/configuration.md
# A value can also come from the environment: gateway.nextHop.port is ZEGEL_GATEWAY_NEXTHOP_PORT.
# Secrets are written file:PATH, env:NAME or credential:NAME; paths are relative to this file.
`

/** A commented zegel.yaml: what is given as keys, every other key with its default as a comment. */
export function renderConfig(input: ConfigInput): string {
  const lines = renderObject(configSchema, input, 0).flatMap(line =>
    /^[a-z]/.test(line) || /^# [a-z]\w*:/.test(line) ? ['', line] : [line],
  )
  return `${HEAD}${lines.join('\n')}\n`
}

function renderObject(schema: z.ZodObject, value: object, depth: number): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(value))
  return Object.entries(schema.shape).flatMap(([key, inner]) =>
    renderKey(key, inner as z.ZodType, given.get(key), depth),
  )
}

function renderKey(
  key: string,
  schema: z.ZodType,
  value: unknown,
  depth: number,
): readonly string[] {
  const inner = unwrap(schema)
  const about = schema.description ?? inner.description ?? ''
  if (value === undefined) return renderDefault(key, schema, about, depth)
  if (inner instanceof z.ZodObject && typeof value === 'object' && value !== null)
    return [withComment(depth, `${key}:`, about), ...renderObject(inner, value, depth + 1)]
  if (inner instanceof z.ZodArray && Array.isArray(value) && value.length > 0)
    return [withComment(depth, `${key}:`, about), ...renderList(inner, value, depth + 1)]
  return [withComment(depth, `${key}: ${scalar(value)}`, about)]
}

function renderList(
  schema: z.ZodArray,
  items: readonly unknown[],
  depth: number,
): readonly string[] {
  const element = unwrap(schema.element)
  return items.flatMap(item => {
    if (!(element instanceof z.ZodObject) || typeof item !== 'object' || item === null)
      return [`${indent(depth)}- ${scalar(item)}`]
    return asItem(renderObject(element, item, depth + 1), depth)
  })
}

/** The first key stands behind the dash. */
function asItem(lines: readonly string[], depth: number): readonly string[] {
  const first = lines.findIndex(line => !line.trimStart().startsWith('#'))
  return lines.map((line, i) => (i === first ? `${indent(depth)}- ${line.trimStart()}` : line))
}

/** A commented line; a section with its own keys inside. */
function renderDefault(
  key: string,
  schema: z.ZodType,
  about: string,
  depth: number,
): readonly string[] {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject && isOptional(schema)) {
    const keys = Object.keys(inner.shape).map(name => `${name}: …`)
    return [commented(withComment(depth, `${key}: { ${keys.join(', ')} }`, about))]
  }
  if (inner instanceof z.ZodObject)
    return [
      commented(withComment(depth, `${key}:`, about)),
      ...Object.entries(inner.shape).flatMap(([name, part]) =>
        renderDefault(name, part as z.ZodType, describeIt(part), depth + 1),
      ),
    ]
  const value = schema instanceof z.ZodDefault ? scalar(schema.def.defaultValue) : '…'
  return [commented(withComment(depth, `${key}: ${value}`, about))]
}

const describeIt = (schema: unknown): string =>
  schema instanceof z.ZodType ? (schema.description ?? unwrap(schema).description ?? '') : ''

const isOptional = (schema: z.ZodType): boolean => schema instanceof z.ZodOptional

const indent = (depth: number): string => '  '.repeat(depth)

const commented = (line: string): string => line.replace(/^(\s*)(?=\S)/, '$1# ')

/** On the same line when it fits, else on the line above. */
function withComment(depth: number, text: string, about: string): string {
  const line = `${indent(depth)}${text}`
  if (about === '') return line
  return `${line} # ${about}`
}

/** One line of YAML. */
function scalar(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trimEnd()
}
