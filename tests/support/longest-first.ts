import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files that work, or wait, for longest: begun last, each would keep one worker long after the others are done. */
const longest = [
  'tests/promises/accounts-leave-nothing.test.ts',
  'tests/end-to-end/accessible.test.ts',
  'tests/load/kill.test.ts',
  'tests/end-to-end/',
]

/**
 * Begins with the longest files, so that all workers end at about the same time. A worker serves one project:
 * each change of project among the files would cost a new one, which reads all modules anew.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const found = longest.findIndex(part => moduleId.includes(part))
  if (found !== -1) return found
  return longest.length + (project.name === 'end-to-end' ? 0 : 1)
}
