import { z } from 'zod'
import type { FieldKind } from './fields.ts'

/** A schema without its defaults and options. */
export function unwrap(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrap(schema.def.innerType)
  if (schema instanceof z.ZodOptional) return unwrap(schema.def.innerType)
  if (schema instanceof z.ZodType) return schema
  throw new TypeError('not a schema')
}

export type PathPart = string | number

/** The schema of a value inside the configuration; undefined when there is none. */
export function schemaAt(schema: z.ZodType, path: readonly PathPart[]): z.ZodType | undefined {
  const [part, ...rest] = path
  const inner = unwrap(schema)
  if (part === undefined) return inner
  if (inner instanceof z.ZodArray && typeof part === 'number')
    return schemaAt(unwrap(inner.element), rest)
  const next = inner instanceof z.ZodObject ? inner.shape[part] : undefined
  return next === undefined ? undefined : schemaAt(unwrap(next), rest)
}

/** What a text names; undefined for a text that names nothing, and for what is no text. */
export function kindOf(schema: z.ZodType | undefined): FieldKind | undefined {
  const own = schema?.meta()?.['kind'] ?? (schema && unwrap(schema).meta()?.['kind'])
  return own as FieldKind | undefined
}

/** Names of the keys of an object schema; none for any other. */
export function keysOf(schema: z.ZodType | undefined): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** `organisations[0].name` */
export function formatPath(path: readonly PathPart[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('')
}
