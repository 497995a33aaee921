import { restoreStore } from '../store/backup.ts'
import { configOption, defineCommand } from './command.ts'
import { storePassword } from './open-configured-store.ts'
import { write } from './output.ts'
import { createPageProgress } from './progress.ts'
import { readConfig } from './with-store.ts'

export const restore = defineCommand({
  name: 'restore',
  summary: 'put a backup in place of the database',
  operands: [{ name: 'FILE', help: 'what zegel backup wrote' }],
  options: {
    config: configOption,
    replace: { type: 'boolean', help: 'a database that is there is replaced' },
  },
  details: 'Stop zegel serve first. The root keys must be those of the time of the backup.',
  async run(values, [file = ''], terminal) {
    const config = await readConfig(values.config, terminal)
    const password = await storePassword(config, terminal.env)
    const progress = createPageProgress('copying', terminal)
    const options = { replace: values.replace, onProgress: progress.show, password }
    await restoreStore(file, config.store.url, options).finally(progress.end)
    await write(terminal, `${config.store.url} is restored from ${file}\n`)
    return 0
  },
})
