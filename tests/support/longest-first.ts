import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files that work, or wait, for longest: begun last, each would keep one worker long after the others are done. */
const longest = [
  'tests/promises/accounts-leave-nothing.test.ts',
  'tests/load/kill.test.ts',
  'tests/end-to-end/',
  'tests/server/commands/round-trip.test.ts',
]

/** Begins with the longest files, so that all workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const found = longest.findIndex(part => moduleId.includes(part))
  return found === -1 ? longest.length : found
}
