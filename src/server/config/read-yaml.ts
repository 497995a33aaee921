import { LineCounter, isNode, parseDocument } from 'yaml'
import { ConfigError } from './config-error.ts'
import { MAX_CONFIG_BYTES, MAX_YAML_ALIASES } from './limits.ts'
import type { PathPart } from './walk-schema.ts'

export interface YamlFile {
  readonly value: unknown
  /** `zegel.yaml:12`, the line of the value or of the nearest thing around it that the file has. */
  sourceOf(path: readonly PathPart[]): string
}

/**
 * Reads one YAML document; keys with nothing behind them count as not there.
 *
 * @throws ConfigError when the text is no YAML
 */
export function readYaml(text: string, file: string): YamlFile {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) throw yamlError(file, 'larger than 1 MiB')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    throw new ConfigError(
      document.errors.map(error => ({
        source: `${file}:${lines.linePos(error.pos[0]).line}`,
        path: '',
        message: `not YAML: ${words[error.code] ?? withoutContent(error.message)}`,
      })),
    )
  const sourceOf = (path: readonly PathPart[]): string => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return `${file}:${lines.linePos(node.range[0]).line}`
    }
    return file
  }
  return { value: withoutNothing(toValue(document, file)), sourceOf }
}

/** Where the parser speaks to programmers. */
const words: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'the file holds more than one document: leave one, without --- after it',
  DUPLICATE_KEY:
    'this key stands in its section already (or the name of its own section is still a comment)',
  TAB_AS_INDENT: 'a tab: write blanks in its place',
}

/** Attack: a secret in a log. After a colon the parser repeats what stands in the file: `password: *hunter2`. */
const withoutContent = (message: string): string => message.replace(/(?<=\S): .*/s, '')

function toValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_YAML_ALIASES }) ?? {}
  } catch (cause) {
    throw yamlError(file, withoutContent(cause instanceof Error ? cause.message : String(cause)))
  }
}

function yamlError(file: string, what: string): ConfigError {
  return new ConfigError([{ source: file, path: '', message: `not a configuration: ${what}` }])
}

/** `gateway:` with every line below it commented out is an empty section, not a fault. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNothing(inner)]))
}
