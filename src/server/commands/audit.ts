import { configOption, defineCommand, jsonOption } from './command.ts'
import { limitOption, readLimit } from './limit-option.ts'
import { formatTime, renderTable, write, writeJson } from './output.ts'
import { newestFirst, withStore } from './with-store.ts'

export const audit = defineCommand({
  name: 'audit',
  summary: 'list who opened, answered or forwarded what, and when',
  options: {
    config: configOption,
    message: { type: 'string', value: 'ID', help: 'of this message alone' },
    limit: limitOption,
    json: jsonOption,
  },
  details: 'Newest first. Kept for audit.keepDays; never a subject, content or network address.',
  async run(values, _operands, terminal) {
    const limit = readLimit(values.limit)
    const options = {
      limit,
      ...(values.message === undefined ? {} : { messageId: values.message }),
    }
    return withStore(values.config, terminal, async ({ config, store }) => {
      const lists = config.organisations.map(({ id }) => store.audit.list(id, options))
      const entries = newestFirst(await Promise.all(lists), entry => entry.atMs, limit)
      if (values.json) await writeJson(terminal, entries)
      else
        await write(
          terminal,
          renderTable(
            ['WHEN', 'EVENT', 'RECIPIENT', 'SIGNED IN BY', 'ASSURANCE', 'MESSAGE'],
            entries.map(entry => [
              formatTime(entry.atMs),
              entry.event,
              entry.recipient,
              entry.method,
              entry.assurance,
              entry.messageId,
            ]),
          ),
        )
      return 0
    })
  },
})
