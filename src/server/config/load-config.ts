import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { checkConfig } from './check-config.ts'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import { describeIssue } from './describe-issue.ts'
import { type Environment, type Setting, readEnvironment } from './environment.ts'
import { readYaml } from './read-yaml.ts'
import { resolvePaths, secretVariables } from './resolve-paths.ts'
import { type Config, configSchema } from './schema.ts'
import { type PathPart, formatPath } from './walk-schema.ts'

/**
 * Reads zegel.yaml and the environment. Every path in the result is absolute.
 *
 * @throws ConfigError with everything that is wrong, a line each
 */
export async function loadConfig(file: string, environment: Environment): Promise<Config> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new ConfigError([{ source: file, path: '', message: cannotRead(cause) }])
  })
  return parseConfig(decodeText(bytes, file), file, environment)
}

/** @throws ConfigError for UTF-16, Latin-1 and whatever else would be read as other characters */
function decodeText(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // as below
  }
  const message = 'is not text in UTF-8: save it in this encoding'
  throw new ConfigError([{ source: file, path: '', message }])
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: write one with zegel init, or name it with --config',
  EISDIR: 'it is a folder: name the file in it',
  EACCES: 'this user may not read it: chown it to the user that runs Zegel, or run it as its owner',
}

function cannotRead(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const message = cause instanceof Error ? cause.message : String(cause)
  return reasons[code] ?? `cannot be read: ${message}`
}

/**
 * As `loadConfig`, from a text. `file` names it in problems, and its folder is what paths are relative to.
 *
 * @throws ConfigError
 */
export function parseConfig(text: string, file: string, environment: Environment): Config {
  const yaml = readYaml(text, file)
  const { settings, bad } = readEnvironment(environment, configSchema, secretVariables(yaml.value))
  const problems: ConfigProblem[] = bad.map(({ variable, message }) => ({
    source: variable,
    path: '',
    message,
  }))
  const value = applySettings(yaml.value, settings, problems)
  const sourceOf = (path: readonly PathPart[]) =>
    settings.find(setting => startsWith(path, setting.path))?.variable ?? yaml.sourceOf(path)
  const config = checkValue(value, sourceOf, problems)
  if (config === undefined || problems.length > 0) throw new ConfigError(problems)
  return resolvePaths(config, configSchema, dirname(resolve(file)))
}

function startsWith(path: readonly PathPart[], start: readonly PathPart[]): boolean {
  return start.length <= path.length && start.every((part, i) => part === path[i])
}

function checkValue(
  value: unknown,
  sourceOf: (path: readonly PathPart[]) => string,
  problems: ConfigProblem[],
): Config | undefined {
  const parsed = configSchema.safeParse(value)
  const findings = parsed.success
    ? checkConfig(parsed.data)
    : parsed.error.issues.flatMap(issue => describeIssue(issue, configSchema, value))
  for (const { path, message } of findings)
    problems.push({ source: sourceOf(path), path: formatPath(path), message })
  return parsed.data
}

function applySettings(
  value: unknown,
  settings: readonly Setting[],
  problems: ConfigProblem[],
): unknown {
  let result = value
  for (const setting of settings) {
    const next = setAt(result, setting.path, setting.value)
    if (next === undefined)
      problems.push({
        source: setting.variable,
        path: '',
        message: 'there is no such place in the list: number its entries from 0, without gaps',
      })
    else result = next
  }
  return result
}

/** A copy with one value set; undefined when it would leave a gap in a list. */
function setAt(value: unknown, path: readonly PathPart[], set: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return set
  if (typeof part === 'number') {
    const list: readonly unknown[] = Array.isArray(value) ? value : []
    if (part > list.length) return undefined
    const item = setAt(list[part], rest, set)
    return item === undefined ? undefined : list.toSpliced(part, 1, item)
  }
  const object = typeof value === 'object' && value !== null ? value : {}
  const inner = setAt((object as Record<string, unknown>)[part], rest, set)
  return inner === undefined ? undefined : { ...object, [part]: inner }
}
