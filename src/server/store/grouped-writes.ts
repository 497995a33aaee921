import type { CompiledQuery } from 'kysely'
import type { Engine } from './engine.ts'
import { StoreError } from './store-error.ts'

/** Writes that share one transaction at most, so that it never holds the write lock for long. */
const MAX_TOGETHER = 64

interface Waiting {
  readonly queries: readonly CompiledQuery[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Writes that are asked for in the same turn of the event loop share one transaction: committing costs more than a
 * small write. Each is answered after its own commit, and fails alone; none waits for others to come.
 */
export function groupedWrites(
  engine: Pick<Engine, 'atomically'>,
): (queries: readonly CompiledQuery[]) => Promise<void> {
  let waiting: Waiting[] = []
  const writeWaiting = (): void => {
    const taken = waiting
    waiting = []
    for (let at = 0; at < taken.length; at += MAX_TOGETHER)
      void writeGroup(engine, taken.slice(at, at + MAX_TOGETHER))
  }
  return queries =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(writeWaiting)
      waiting.push({ queries, resolve, reject })
    })
}

async function writeGroup(
  engine: Pick<Engine, 'atomically'>,
  group: readonly Waiting[],
): Promise<void> {
  try {
    await engine.atomically(group.flatMap(({ queries }) => queries))
    for (const { resolve } of group) resolve()
  } catch (error) {
    // Nothing of it was written. One write that cannot be must not take the others with it; a busy database
    // has been waited for.
    if (group.length === 1 || error instanceof StoreError)
      for (const { reject } of group) reject(error)
    else await Promise.all(group.map(one => writeGroup(engine, [one])))
  }
}
