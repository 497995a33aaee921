import { format } from 'prettier'
import { z } from 'zod'
import { variableName } from '../src/server/config/environment.ts'
import { configSchema } from '../src/server/config/schema.ts'
import { type PathPart, formatPath, unwrap } from '../src/server/config/walk-schema.ts'

const STYLE = { printWidth: 100 } as const

/** docs/zegel.schema.json */
export function renderSchema(): Promise<string> {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      delete jsonSchema['kind']
      if (jsonSchema.type === 'integer' && jsonSchema.maximum === Number.MAX_SAFE_INTEGER)
        delete jsonSchema.maximum
    },
  })
  const titled = { title: 'zegel.yaml', description: 'Configuration of Zegel', ...schema }
  return format(JSON.stringify(titled), { ...STYLE, parser: 'json' })
}

const HEAD = `# Configuration

<!-- Written by scripts/write-configuration-docs.ts from src/server/config/schema.ts: change that. -->

One YAML file, \`zegel.yaml\`; \`zegel init\` writes a commented one. Every key has a default, except what an organisation is. An unknown key is an error that names the nearest known one; everything that is wrong is said at once, a line each. \`zegel check\` looks at the rest: DNS, mail servers, database, keys.

Editors complete and check the file with [zegel.schema.json](zegel.schema.json): put \`# yaml-language-server: $schema=PATH/zegel.schema.json\` on its first line.

## Values

- **Paths** are relative to the folder of the file.
- **Secrets** never stand in the file: \`file:PATH\` (readable by its owner alone: \`chmod 600\`), \`env:NAME\`, \`credential:NAME\` (systemd, \`LoadCredential=\`).
- **Root keys** wrap all other keys, the gateway's and the portal's each their own: \`file:PATH\` (32 random bytes, \`chmod 600\`; \`zegel init\` makes them), \`credential:NAME\` (the same bytes), \`passphrase-file:PATH\` or \`passphrase-env:NAME\` (at least 16 characters, through scrypt; the salt stands in the database).
- **Times** are \`12h\`, \`30d\` or \`never\`; at most \`731d\`.
- **Networks** are \`192.0.2.0/24\`, \`2001:db8::/32\` or a single address.
- **Domains and addresses** are written in lower case, international domains as \`xn--…\`.

## Environment

Each value can be set by a variable, which wins over the file: \`ZEGEL_\` and the path in capitals, with \`_\` between the keys. \`gateway.nextHop.port\` is \`ZEGEL_GATEWAY_NEXTHOP_PORT\`. Lists of texts are written with commas or as JSON (\`ZEGEL_GATEWAY_LISTEN=127.0.0.1:25,[::1]:25\`), other lists and whole sections as JSON. An entry of a list has its number from 0: \`ZEGEL_ORGANISATIONS_0_NAME\`. A variable \`ZEGEL_…\` that is no setting is an error, except \`ZEGEL_DEMO_…\` and those that the file names as \`env:\` or \`passphrase-env:\`.
`

/** docs/configuration.md */
export function renderReference(): Promise<string> {
  const sections = sectionsOf(configSchema, [])
  const top: Section = { path: [], about: '', rows: rowsOf(configSchema, []) }
  const text = [
    HEAD,
    ...[top, ...sections].filter(({ rows }) => rows.length > 0).map(renderSection),
  ]
  return format(text.join('\n'), { ...STYLE, parser: 'markdown' })
}

interface Section {
  readonly path: readonly PathPart[]
  readonly about: string
  readonly rows: readonly Row[]
}

interface Row {
  readonly key: string
  readonly type: string
  readonly fallback: string
  readonly variable: string
  readonly about: string
}

/** Everything that has keys of its own, in the order of the schema. */
function sectionsOf(schema: z.ZodObject, path: readonly PathPart[]): readonly Section[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const outer = asType(value)
    const inner = unwrap(outer)
    const own = inner instanceof z.ZodArray ? unwrap(inner.element) : inner
    if (!(own instanceof z.ZodObject)) return []
    const at = inner instanceof z.ZodArray ? [...path, key, 0] : [...path, key]
    const section = { path: at, about: aboutOf(outer), rows: rowsOf(own, at) }
    return [section, ...sectionsOf(own, at)]
  })
}

function rowsOf(schema: z.ZodObject, path: readonly PathPart[]): readonly Row[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const outer = asType(value)
    if (unwrap(outer) instanceof z.ZodObject) return []
    return [
      {
        key,
        type: typeOf(unwrap(outer)),
        fallback: fallbackOf(outer),
        variable: variableName([...path, key]),
        about: aboutOf(outer),
      },
    ]
  })
}

function renderSection({ path, about, rows }: Section): string {
  const title = path.length === 0 ? 'Top level' : `\`${formatPath(path).replaceAll('[0]', '[]')}\``
  const lines = rows.map(
    ({ key, type, fallback, variable, about }) =>
      `| \`${key}\` | ${type} | ${fallback} | ${about} | \`${variable}\` |`,
  )
  return `## ${title}

${about === '' ? '' : `${capital(about)}.\n`}
| key | value | default | what it is | environment |
|---|---|---|---|---|
${lines.join('\n')}
`
}

function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map(name => `\`${name}\``).join(', ')
  if (schema instanceof z.ZodArray) {
    const inner = unwrap(schema.element)
    return inner instanceof z.ZodObject ? 'list of sections' : 'list of texts'
  }
  if (schema instanceof z.ZodNumber) return 'number'
  return schema instanceof z.ZodBoolean ? '`true`, `false`' : 'text'
}

function fallbackOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodDefault) {
    const value: unknown = schema.def.defaultValue
    return value === '' ? 'empty' : `\`${Array.isArray(value) ? listOf(value) : String(value)}\``
  }
  return schema instanceof z.ZodOptional ? 'none' : '**needed**'
}

const listOf = (values: readonly unknown[]): string => `[${values.map(String).join(', ')}]`

const aboutOf = (schema: z.ZodType): string =>
  (schema.description ?? unwrap(schema).description ?? '').replaceAll('|', '\\|')

const asType = (value: unknown): z.ZodType => {
  if (value instanceof z.ZodType) return value
  throw new TypeError('not a schema')
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
