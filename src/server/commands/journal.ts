import { configOption, defineCommand, jsonOption } from './command.ts'
import { formatTime, renderTable, write, writeJson } from './output.ts'
import { limitOption, readLimit } from './limit-option.ts'
import { newestFirst, withStore } from './with-store.ts'

export const journal = defineCommand({
  name: 'journal',
  summary: 'list which messages were sealed',
  options: { config: configOption, limit: limitOption, json: jsonOption },
  details:
    'Newest first. The journal names sender and recipients, never a subject or content;\n' +
    'journal: false in the configuration keeps none.',
  async run(values, _operands, terminal) {
    const limit = readLimit(values.limit)
    return withStore(values.config, terminal, async ({ config, store }) => {
      const lists = config.organisations.map(({ id }) => store.journal.list(id, { limit }))
      const entries = newestFirst(await Promise.all(lists), entry => entry.createdAtMs, limit)
      if (values.json) await writeJson(terminal, entries)
      else
        await write(
          terminal,
          renderTable(
            ['ID', 'SENT', 'EXPIRES', 'FROM', 'TO'],
            entries.map(entry => [
              entry.messageId,
              formatTime(entry.createdAtMs),
              formatTime(entry.expiresAtMs),
              entry.sender,
              entry.recipients.join(', '),
            ]),
          ),
        )
      return 0
    })
  },
})
