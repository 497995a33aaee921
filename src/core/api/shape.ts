/**
 * Hand-sized strict reading of JSON values, small enough for the browser.
 * A missing, unknown or wrong field is refused; nothing is guessed or converted.
 */

/** What a JSON value must look like. `read` throws `ShapeError`; only `parseShape` calls it. */
export interface Shape<T> {
  readonly read: (value: unknown, path: string) => T
  /** True when the field may be absent. */
  readonly optional?: true
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** `path` names the field (`recipient.index`), never its content: it may be logged. */
  | { readonly ok: false; readonly code: 'bad-shape'; readonly path: string }

class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly path: string
  constructor(path: string) {
    super(`wrong value at ${path}`)
    this.path = path
  }
}

/** Reads `value` as `shape` says; a wrong value is an answer, not an exception. */
export function parseShape<T>(shape: Shape<T>, value: unknown): Parsed<T> {
  try {
    return { ok: true, value: shape.read(value, '') }
  } catch (error) {
    if (error instanceof ShapeError) return { ok: false, code: 'bad-shape', path: error.path }
    throw error
  }
}

/** Text of `min` to `max` UTF-16 units, every bit of it matched by `pattern` where one is given. */
export function text(options: { max: number; min?: number; pattern?: RegExp }): Shape<string> {
  return check(
    value =>
      typeof value === 'string' &&
      value.length >= (options.min ?? 0) &&
      value.length <= options.max &&
      (options.pattern === undefined || options.pattern.test(value)),
  )
}

/** Whole number from `min` to `max`. */
export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  return check(value => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max)
}

export const flag: Shape<boolean> = check(value => typeof value === 'boolean')

export function oneOf<const T extends string>(...names: readonly T[]): Shape<T> {
  return check(value => names.some(name => name === value))
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return { read: (value, path) => (value === null ? null : shape.read(value, path)) }
}

/** A field that may be absent; when it is there, it must have the shape. */
export function optional<T>(shape: Shape<T>): Shape<T> {
  return { read: shape.read, optional: true }
}

export function list<T>(shape: Shape<T>, max: number): Shape<readonly T[]> {
  return {
    read: (value, path) => {
      if (!Array.isArray(value) || value.length > max) throw new ShapeError(path)
      return value.map((item, index) => shape.read(item, `${path}[${index}]`))
    },
  }
}

/** The first shape that fits. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return {
    read: (value, path) => {
      const parsed = parseShape(first, value)
      return parsed.ok ? parsed.value : second.read(value, path)
    },
  }
}

type ShapesOf<T> = { readonly [K in keyof T]-?: Shape<NonNullable<T[K]> | T[K]> }

/** An object with exactly these fields. */
export function object<T extends object>(shapes: ShapesOf<T>): Shape<T> {
  const fields = Object.entries<Shape<unknown>>(shapes)
  const names = new Set(Object.keys(shapes))
  return {
    read: (value, path) => {
      if (!isRecord(value)) throw new ShapeError(path)
      const unknown = Object.keys(value).find(name => !names.has(name))
      if (unknown !== undefined) throw new ShapeError(join(path, '*'))
      return Object.fromEntries(readFields(fields, value, path)) as T
    },
  }
}

function readFields(
  fields: readonly [string, Shape<unknown>][],
  value: Readonly<Record<string, unknown>>,
  path: string,
): [string, unknown][] {
  return fields
    .filter(([name, shape]) => shape.optional !== true || Object.hasOwn(value, name))
    .map(([name, shape]) => {
      if (!Object.hasOwn(value, name)) throw new ShapeError(join(path, name))
      return [name, shape.read(value[name], join(path, name))]
    })
}

/** A value of which this holds, which must be enough for it to be a `T`. */
export function check<T>(holds: (value: unknown) => boolean): Shape<T> {
  return {
    read: (value, path) => {
      if (!holds(value)) throw new ShapeError(path)
      return value as T
    },
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
