import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Mails and payloads that nobody on the team wrote; beside the project, not in it. */
export const corpusFolder: string = fileURLToPath(
  new URL('../../../shared/corpus', import.meta.url),
)

/** Say so in the test's name when it is skipped. */
export const hasCorpus: boolean = existsSync(corpusFolder)
export const withoutCorpus = hasCorpus ? '' : ' (skipped: ../shared/corpus is not there)'
