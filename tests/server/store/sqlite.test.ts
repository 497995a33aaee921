import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../../src/server/store/open-store.ts'
import { describeStore } from './describe-store.ts'

describeStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-store-'))
  return {
    open: () => openStore(`sqlite:${join(folder, 'zegel.db')}`),
    remove: () => rm(folder, { recursive: true }),
  }
})
