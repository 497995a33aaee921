import { configOption, defineCommand } from './command.ts'
import { write } from './output.ts'
import { withStore } from './with-store.ts'

export const migrate = defineCommand({
  name: 'migrate',
  summary: 'bring the database up to date',
  options: { config: configOption },
  details:
    'zegel serve does the same when it starts; several nodes may start at once. Back up first:\n' +
    'an older program refuses a newer database.',
  run: (values, _operands, terminal) =>
    withStore(values.config, terminal, async ({ config, store }) => {
      await store.migrate()
      await write(terminal, `${config.store.url} is up to date\n`)
      return 0
    }),
})
