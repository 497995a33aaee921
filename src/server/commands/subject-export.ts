import { configOption, defineCommand } from './command.ts'
import { writeJson } from './output.ts'
import { readSubjectAddress, subjectOf, subjectOptions } from './subject-of.ts'
import { subjectReport } from './subject-report.ts'
import { withStore } from './with-store.ts'

export const subjectExport = defineCommand({
  name: 'subject export',
  summary: 'write what is stored about a person',
  operands: [{ name: 'ADDRESS', help: 'of the person; how it is capitalised makes no difference' }],
  options: { config: configOption, ...subjectOptions },
  details:
    'Writes JSON to standard output, in words that the person can read. Run it where the root key of\n' +
    'the portal is: associations and passkeys are kept under a keyed hash of the address. Make sure\n' +
    'that who asks is that person. The audit notes that somebody was exported, not who.',
  async run(values, [text = ''], terminal) {
    const address = readSubjectAddress(text)
    return withStore(values.config, terminal, async ({ config, store }) => {
      const needs = { config, store, environment: terminal.env, clock: Date.now }
      const found = await subjectOf(needs, address, values.organisation)
      const nowMs = Date.now()
      const report = await subjectReport({ config, store }, found, nowMs)
      if (config.audit.enabled)
        for (const { organisationId } of found.subjects)
          await store.audit.note(organisationId, 'subject-exported', nowMs)
      await writeJson(terminal, report)
      return 0
    })
  },
})
