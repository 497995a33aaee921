import { resolve } from 'node:path'
import { z } from 'zod'
import type { FieldKind } from './fields.ts'
import { kindOf, unwrap } from './walk-schema.ts'

/** Relative paths of files, in whatever field, become absolute: relative to the folder of the configuration. */
export function resolvePaths<T>(value: T, schema: z.ZodType, folder: string): T {
  return resolveValue(value, schema, folder) as T
}

function resolveValue(value: unknown, schema: z.ZodType, folder: string): unknown {
  const inner = unwrap(schema)
  if (typeof value === 'string') return resolveText(value, kindOf(schema), folder)
  if (Array.isArray(value) && inner instanceof z.ZodArray)
    return value.map(item => resolveValue(item, unwrap(inner.element), folder))
  if (typeof value !== 'object' || value === null || !(inner instanceof z.ZodObject)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      resolveValue(item, inner.shape[key] as z.ZodType, folder),
    ]),
  )
}

const PREFIXES: Readonly<Record<FieldKind, RegExp>> = {
  path: /^(?=.)/,
  secret: /^file:/,
  password: /^file:/,
  'root-key': /^(passphrase-)?file:/,
  'store-url': /^sqlite:(?!:memory:$)/,
}

function resolveText(text: string, kind: FieldKind | undefined, folder: string): string {
  const prefix = kind === undefined ? undefined : PREFIXES[kind].exec(text)?.[0]
  return prefix === undefined ? text : prefix + resolve(folder, text.slice(prefix.length))
}

/** Names of the environment variables that the configuration says hold a secret. */
export function secretVariables(value: unknown): ReadonlySet<string> {
  if (typeof value === 'string') {
    const name = /^(?:passphrase-)?env:(.+)$/.exec(value)?.[1]
    return new Set(name === undefined ? [] : [name])
  }
  if (typeof value !== 'object' || value === null) return new Set()
  return new Set(Object.values(value).flatMap(item => [...secretVariables(item)]))
}
