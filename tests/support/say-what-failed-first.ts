import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase } from 'vitest/node'

/** Says what was wrong with a test that passed when it was tried again: each is a defect to look for. */
export class SayWhatFailedFirst implements Reporter {
  readonly #said: string[] = []

  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result()
    if (state !== 'passed' || test.diagnostic()?.flaky !== true) return
    for (const { message, stack } of errors)
      this.#said.push(`${test.module.relativeModuleId}: ${test.fullName}\n${stack ?? message}\n`)
  }

  onTestRunEnd(): void {
    if (this.#said.length === 0) return
    console.log(`Passed when tried again:\n\n${stripVTControlCharacters(this.#said.join('\n'))}`)
  }
}
