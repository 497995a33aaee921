import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { associationStore } from './associations.ts'
import { auditStore } from './audit.ts'
import { clockWatch } from './clock-watch.ts'
import type { Engine } from './engine.ts'
import { journalStore } from './journal.ts'
import { migrate } from './migrate.ts'
import { organisationKeyStore } from './organisation-keys.ts'
import { overrideStore } from './overrides.ts'
import { passcodeStore } from './passcodes.ts'
import { passkeyStore } from './passkeys.ts'
import { openPostgres } from './postgres-engine.ts'
import { isPostgresUrl } from './postgres-url.ts'
import { deliveredHalfStore, endedSessionStore, rateStore } from './short-lived.ts'
import { openSqlite } from './sqlite-engine.ts'
import type { Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { subjectStore } from './subject.ts'
import { sweep, sweepPasscodes } from './sweep.ts'
import { usageStore } from './usage.ts'

/**
 * Opens the database, `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, and brings its schema up to date.
 *
 * @throws StoreError `unsupported-url` for any other address, `no-folder`, `not-ours`, `newer-schema`, `busy`,
 *   `unreachable`, `refused`
 */
export async function openStore(url: string, password?: string): Promise<Store> {
  const store = storeOver(openEngine(url, password))
  try {
    await store.migrate()
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}

/** @throws StoreError `unsupported-url`, `no-folder` */
export function openEngine(url: string, password?: string): Engine {
  if (isPostgresUrl(url)) return openPostgres(url, password)
  const path = sqlitePath(url)
  if (path !== ':memory:' && !existsSync(dirname(path)))
    throw new StoreError('no-folder', `store.url: there is no folder ${dirname(path)}: make it`)
  return openSqlite(path)
}

/** @throws StoreError `unsupported-url` */
export function sqlitePath(url: string): string {
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  if (!path)
    throw new StoreError(
      'unsupported-url',
      'store.url: write sqlite:PATH or postgres://USER@HOST/DATABASE',
    )
  return path
}

/** The stores over any engine. */
export function storeOver(engine: Engine): Store {
  return {
    organisationKeys: organisationKeyStore(engine),
    journal: journalStore(engine),
    overrides: overrideStore(engine),
    audit: auditStore(engine),
    passcodes: passcodeStore(engine),
    sessions: endedSessionStore(engine),
    associations: associationStore(engine),
    passkeys: passkeyStore(engine),
    deliveries: deliveredHalfStore(engine),
    rates: rateStore(engine),
    usage: usageStore(engine),
    subjects: subjectStore(engine),
    clock: clockWatch(engine),
    migrate: () => migrate(engine, Date.now()),
    async ping() {
      await engine.db.selectFrom('schema_versions').select('version').limit(1).execute()
    },
    sweep: (nowMs, retention) => sweep(engine, nowMs, retention),
    sweepPasscodes: nowMs => sweepPasscodes(engine, nowMs),
    close: () => engine.close(),
  }
}
