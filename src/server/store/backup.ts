import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type Progress,
  checkIntact,
  checkOurs,
  copy,
  createPrivately,
  notOurs,
  openBackup,
  openReadOnly,
} from './backup-file.ts'
import { SQLITE_WAIT_MS } from './limits.ts'
import { sqlitePath } from './open-store.ts'
import { backupPostgres, restorePostgres } from './postgres-backup.ts'
import { isPostgresUrl } from './postgres-url.ts'
import { StoreError } from './store-error.ts'

/**
 * Copies the database into one new file, which its owner alone can read, while everything goes on. The file holds the
 * wrapped keys and no root key: without `gateway.key` and `portal.key` (or what stands for them) it opens nothing.
 *
 * @throws StoreError `unsupported-url`, `already-there`, `not-a-backup` when the address holds no database of ours
 */
export async function backupStore(
  url: string,
  file: string,
  onProgress: (progress: Progress) => void = () => undefined,
  password?: string,
): Promise<void> {
  if (isPostgresUrl(url)) return backupPostgres({ url, password }, file, onProgress)
  const path = sqlitePath(url)
  if (!existsSync(path)) throw notOurs(path)
  const source = openReadOnly(path)
  try {
    checkOurs(source, path)
    await createPrivately(file)
    await copy(source, file, onProgress)
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'already-there'))
      await rm(file, { force: true })
    throw error
  } finally {
    source.close()
  }
}

export interface RestoreOptions {
  readonly replace?: boolean
  readonly onProgress?: (progress: Progress) => void
  /** For PostgreSQL. */
  readonly password?: string | undefined
}

/**
 * Puts a backup in the place of the database, in one step: it is the old one or the new one, never half of both.
 *
 * @throws StoreError `not-a-backup`, `newer-schema`, `already-there` unless `replace`, `in-use` while a program runs
 */
export async function restoreStore(
  file: string,
  url: string,
  options: RestoreOptions = {},
): Promise<void> {
  const { replace = false, onProgress = () => undefined } = options
  if (isPostgresUrl(url)) {
    const { password } = options
    return restorePostgres(file, { url, password }, { replace })
  }
  const path = sqlitePath(url)
  if (existsSync(path) && !replace)
    throw new StoreError(
      'already-there',
      `${path} is there already: move it away, or replace it with --replace`,
    )
  const source = openBackup(file)
  const fresh = join(dirname(path), `.zegel-restore-${process.pid}`)
  try {
    checkIntact(source, file)
    await createPrivately(fresh)
    await copy(source, fresh, onProgress)
    await emptyLog(path)
    await rename(fresh, path)
  } finally {
    source.close()
    await rm(fresh, { force: true })
  }
}

/**
 * Takes the old database for this program alone and leaves nothing of it in its log, which would otherwise be played
 * into the new one; also when the database itself is lost and only its log is left.
 *
 * @throws StoreError `in-use`
 */
async function emptyLog(path: string): Promise<void> {
  if (!existsSync(path)) {
    for (const log of [`${path}-wal`, `${path}-shm`, `${path}-journal`])
      await rm(log, { force: true })
    return
  }
  const old = new DatabaseSync(path, { timeout: SQLITE_WAIT_MS })
  try {
    // Before the first access: in this mode another connection, even an idle one, is in the way.
    old.exec('pragma locking_mode = exclusive')
    old.exec('begin exclusive; commit')
    old.exec('pragma journal_mode = delete')
  } catch (cause) {
    throw new StoreError('in-use', `${path} is in use: stop zegel first`, { cause })
  } finally {
    old.close()
  }
}
