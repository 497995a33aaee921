import type { Compilable, CompiledQuery } from 'kysely'

/** Stands for a value while a query is built. */
class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * Compiles a query once and fills its values in at each use: building one takes longer than SQLite needs
 * to run it. `build` must make the same query whatever the values are, and use each of them as a value alone.
 */
export function queryTemplate<V extends object, R = unknown>(
  build: (values: V) => Compilable<R>,
): (values: V) => CompiledQuery<R> {
  // Kysely hands values through untouched, so that each slot comes out where its value belongs.
  const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as V
  let compiled: CompiledQuery<R> | undefined
  return values => {
    compiled ??= build(slots).compile()
    const valueOf = (parameter: unknown): unknown =>
      parameter instanceof Slot ? values[parameter.name as keyof V] : parameter
    return { ...compiled, parameters: compiled.parameters.map(valueOf) }
  }
}
