import { keptPromises } from '../../../src/server/portal/promises/promise-list.ts'
import type { PromiseTest } from '../../../src/server/portal/promises/promise-list.ts'

/** A test of a promise, by the beginning of its title. @throws Error when it has none */
export function seenBy(promise: string, title: string): PromiseTest {
  const tests = keptPromises.find(({ id }) => id === promise)?.tests ?? []
  const found = tests.find(each => each.title.startsWith(title))
  if (found === undefined) throw new Error(`${promise} has no test ${title}`)
  return found
}
