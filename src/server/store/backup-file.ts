import { existsSync } from 'node:fs'
import { chmod, open } from 'node:fs/promises'
import { DatabaseSync, backup } from 'node:sqlite'
import { migrations } from './migrations.ts'
import { APPLICATION_ID } from './sqlite-engine.ts'
import { StoreError } from './store-error.ts'

/**
 * A backup is one SQLite file, whichever database it was made from.
 */

export interface Progress {
  readonly donePages: number
  readonly totalPages: number
}

/** Pages copied in one step, between which the event loop and other writers run. */
const PAGES_PER_STEP = 1_000

export function openBackup(file: string): DatabaseSync {
  if (!existsSync(file)) throw new StoreError('not-a-backup', `${file}: there is no such file`)
  return openReadOnly(file)
}

export const openReadOnly = (path: string): DatabaseSync =>
  new DatabaseSync(path, { readOnly: true, timeout: 5_000 })

export async function createPrivately(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    const message = `${path} is there already: name another file`
    throw new StoreError('already-there', message, { cause })
  })
  await file.close()
}

export async function copy(
  source: DatabaseSync,
  file: string,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  await backup(source, file, {
    rate: PAGES_PER_STEP,
    progress: ({ totalPages, remainingPages }) =>
      onProgress({ totalPages, donePages: totalPages - remainingPages }),
  })
  await chmod(file, 0o600)
  const written = await open(file, 'r+')
  try {
    await written.sync()
  } finally {
    await written.close()
  }
}

/** @throws StoreError `not-a-backup` */
export function checkOurs(database: DatabaseSync, path: string): void {
  try {
    if (pragma(database, 'application_id') === APPLICATION_ID) return
  } catch (cause) {
    throw notOurs(path, cause)
  }
  throw notOurs(path)
}

export function notOurs(path: string, cause?: unknown): StoreError {
  return new StoreError('not-a-backup', `${path} is no database of zegel: name another`, { cause })
}

/** @throws StoreError `not-a-backup`, `newer-schema` */
export function checkIntact(database: DatabaseSync, path: string): void {
  checkOurs(database, path)
  if (versionOf(database, path) > migrations.length)
    throw new StoreError(
      'newer-schema',
      `${path} was made by a newer program: restore it with that one`,
    )
}

function versionOf(database: DatabaseSync, path: string): number {
  const damaged = `${path} is damaged: take another backup`
  try {
    if (pragma(database, 'integrity_check') !== 'ok') throw new RangeError(damaged)
    const row = database.prepare('select max(version) as version from schema_versions').get()
    return Number(row?.['version'])
  } catch (cause) {
    throw new StoreError('not-a-backup', damaged, { cause })
  }
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
}
