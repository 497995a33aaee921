import { writeFileSync } from 'node:fs'
import type { PromiseResults } from '../../src/server/portal/promises/promise-results.ts'
import { mutationVariable } from '../../tests/promises/mutations/mutation.ts'
import type { Mutation } from '../../tests/promises/mutations/mutation.ts'
import { mutations } from '../../tests/promises/mutations/mutations.ts'
import { presentResults, resultsFile } from '../promise-sources.mjs'
import { patternOf, runTests } from './run-tests.ts'

/**
 * Breaks each promise on purpose, one at a time, and looks whether its test fails for that reason. True when all do.
 * @param only ids; empty: all
 */
export async function runMutations(only: readonly string[]): Promise<boolean> {
  const chosen = mutations.filter(({ id }) => only.length === 0 || only.includes(id))
  let seen = 0
  for (const mutation of chosen) {
    const verdict = await tryMutation(mutation)
    console.log(
      `${verdict === 'seen' ? 'seen    ' : 'NOT SEEN'}  ${mutation.breaks}: ${mutation.what}`,
    )
    if (verdict === 'seen') seen += 1
    else console.log(verdict.replaceAll(/^/gm, '    '))
  }
  console.log(`\n${seen} of ${chosen.length} broken promises were noticed`)
  if (only.length === 0) note({ tried: chosen.length, seen })
  return seen === chosen.length
}

/** `seen`, or what happened instead. */
async function tryMutation({ id, seenBy, says }: Mutation): Promise<string> {
  const ran = await runTests([seenBy], { env: { [mutationVariable]: id } })
  const whole = new RegExp(`^${patternOf(seenBy.title)}$`)
  const own = ran.filter(({ file, title }) => file === seenBy.file && whole.test(title))
  if (own.length === 0) return `the test did not run: ${seenBy.title}`
  const failed = own.find(({ passed }) => !passed)
  if (failed === undefined) return `the test passed: ${seenBy.title}`
  const isAssertion =
    failed.said.startsWith('AssertionError') || failed.said.includes('AssertionError:')
  return isAssertion && says.test(failed.said)
    ? 'seen'
    : `it failed otherwise: ${failed.said.slice(0, 1500)}`
}

/** Beside the results of the same sources, when there are any. */
function note(counts: NonNullable<PromiseResults['mutations']>): void {
  const text = presentResults()
  if (text === undefined) return
  const results = { ...(JSON.parse(text) as PromiseResults), mutations: counts }
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`)
}
