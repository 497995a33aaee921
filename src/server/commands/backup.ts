import { backupStore } from '../store/backup.ts'
import { configOption, defineCommand } from './command.ts'
import { storePassword } from './open-configured-store.ts'
import { write } from './output.ts'
import { createPageProgress } from './progress.ts'
import { readConfig } from './with-store.ts'

export const backup = defineCommand({
  name: 'backup',
  summary: 'copy the database, with its wrapped keys, to a file',
  operands: [{ name: 'FILE', help: 'a new file' }],
  options: { config: configOption },
  details:
    'While everything goes on. The file holds no mail, and its keys are wrapped: it opens nothing\n' +
    'without the root keys. Keep zegel.yaml, gateway.key and portal.key apart from it, once.',
  async run(values, [file = ''], terminal) {
    const config = await readConfig(values.config, terminal)
    const progress = createPageProgress('copying', terminal)
    const password = await storePassword(config, terminal.env)
    await backupStore(config.store.url, file, progress.show, password).finally(progress.end)
    const { gateway, portal } = config
    await write(
      terminal,
      `${file} holds the database; keep the root keys apart from it: ${gateway.rootKey}, ${portal.rootKey}\n`,
    )
    return 0
  },
})
