import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startHousekeeping } from '../../../src/server/commands/housekeeping.ts'
import { startInstallation } from '../../../src/server/commands/installation.ts'
import { makeKeys } from '../../../src/server/commands/make-keys.ts'
import { parseConfig } from '../../../src/server/config/load-config.ts'
import type { ConfigInput } from '../../../src/server/config/schema.ts'
import { createRootKeyFile } from '../../../src/server/keys/root-key.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { createCounters } from '../../../src/server/telemetry/counters.ts'
import { createLog } from '../../../src/server/telemetry/log.ts'
import { freePort } from '../../support/free-port.ts'
import { zegelHere } from './zegel-here.ts'

const dayMs = 86_400_000

/** What housekeeping takes of an installation in `folder`. */
function needsOf(folder: string, store: Store, clock: () => number) {
  const text = JSON.stringify({
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    portal: { url: 'http://localhost:8080' },
  })
  return {
    config: parseConfig(text, `${folder}/zegel.yaml`, {}),
    store,
    counters: createCounters({
      write: () => Promise.resolve(),
      writeOrganisation: () => Promise.resolve(true),
      clock: Date.now,
      enabled: true,
    }),
    log: createLog({ write: () => undefined, clock }),
    clock,
    upkeep: { paused: false },
    environment: {},
    role: 'portal' as const,
  }
}

describe('what a passcode leaves', () => {
  afterEach(() => vi.useRealTimers())

  it.each([
    ['goes within a minute of its time', false, 0],
    ['stays while the clock is not believed', true, 1],
  ])('%s', async (_, paused, left) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const folder = mkdtempSync(`${tmpdir()}/zegel-housekeeping-`)
    const store = await openStore(`sqlite:${folder}/zegel.db`)
    let nowMs = Date.now()
    await store.passcodes.open('a', nowMs + 1000)
    const begun = Promise.withResolvers<void>()
    const sweep: Store['sweep'] = (...of) => store.sweep(...of).finally(() => begun.resolve())
    const needs = needsOf(folder, { ...store, sweep }, () => nowMs)
    const stop = startHousekeeping(needs, undefined)
    await begun.promise
    await new Promise(setImmediate) // `upkeep` says what came of it
    needs.upkeep.paused = paused
    nowMs += 2000
    vi.advanceTimersByTime(60_000)
    await stop()
    await store.close()
    const database = new DatabaseSync(`${folder}/zegel.db`, { readOnly: true })
    expect(database.prepare('select challenge_id from passcodes').all()).toHaveLength(left)
    database.close()
    rmSync(folder, { recursive: true, force: true })
  })
})

describe('threat: a machine that sleeps in the middle of housekeeping', () => {
  it('deletes by the time that was judged', async () => {
    const folder = mkdtempSync(`${tmpdir()}/zegel-housekeeping-`)
    const store = await openStore(`sqlite:${folder}/zegel.db`)
    let nowMs = Date.now()
    const challenge = nowMs + dayMs
    await store.passcodes.open('c', challenge)
    const advance: Store['clock']['advance'] = async at => {
      const verdict = await store.clock.advance(at)
      nowMs += 30 * dayMs
      return verdict
    }
    const watched = { ...store, clock: { ...store.clock, advance } }
    const stop = startHousekeeping(
      needsOf(folder, watched, () => nowMs),
      undefined,
    )
    await stop()
    expect(await store.passcodes.countTry('c', challenge - 1)).toBe(1)
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
})

describe('threat: a clock that jumps ahead', () => {
  let folder = ''
  let store: Store
  let input: ConfigInput
  let portalUrl = ''

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/zegel-housekeeping-`)
    for (const name of ['gateway.key', 'portal.key']) await createRootKeyFile(`${folder}/${name}`)
    const port = await freePort()
    portalUrl = `http://localhost:${port}`
    input = await makeKeys(
      folder,
      {
        organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
        portal: { url: portalUrl, listen: `127.0.0.1:${port}` },
      },
      Date.now,
    )
    await writeFile(`${folder}/zegel.yaml`, JSON.stringify(input))
    store = await openStore(`sqlite:${folder}/zegel.db`)
    await store.clock.confirm(Date.now())
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Starts the portal by a clock so many days ahead; gives what it logged and what /health/ready said. */
  async function runAhead(days: number) {
    const clock = (): number => Date.now() + days * dayMs
    const log: string[] = []
    const installation = await startInstallation({
      config: parseConfig(JSON.stringify(input), `${folder}/zegel.yaml`, {}),
      role: 'portal',
      environment: {},
      log: createLog({ write: line => void log.push(line), clock }),
      clock,
    })
    const health = (): Promise<unknown> => fetch(`${portalUrl}/health/ready`).then(r => r.json())
    if (days > 0)
      await expect.poll(health, { timeout: 30_000 }).toMatchObject({ housekeeping: 'paused' })
    const last = await health()
    await installation.close()
    return { log: log.join(''), health: last }
  }

  const privateHalves = async (): Promise<number> =>
    (await store.organisationKeys.list('example', 'sealing')).filter(
      key => key.wrappedPrivateKey !== null,
    ).length

  it('destroys no key and deletes no row, and says so in the log, in zegel check and in /health/ready', async () => {
    const messageId = randomBytes(16).toString('base64url')
    await store.journal.record({
      messageId,
      organisationId: 'example',
      sender: 'alice@example.com',
      recipients: ['bob@example.org'],
      createdAtMs: Date.now(),
      expiresAtMs: Date.now(),
      template: 'default',
    })
    const before = await privateHalves()
    const { log, health } = await runAhead(4000)
    expect(log).toContain('clock-not-believed reason=gap')
    expect(health).toEqual({ status: 'ok', housekeeping: 'paused' })
    expect(await privateHalves()).toBeGreaterThanOrEqual(before)
    expect(await store.journal.find(messageId)).toBeDefined()
    expect((await runAhead(0)).health).toEqual({ status: 'ok', housekeeping: 'ok' })
  })

  it('waits, after a gap that was real, for a person who says what day it is', async () => {
    await store.clock.confirm(Date.now() - 100 * dayMs)
    const config = ['--config', `${folder}/zegel.yaml`]
    const skip = ['dns', 'mail', 'public', 'providers'].flatMap(part => ['--skip', part])
    const checked = await zegelHere(['check', ...skip, ...config])
    expect(checked.status).toBe(1)
    expect(checked.stdout.toString()).toMatch(/^failed +clock: .*zegel keys confirm-date/m)
    const confirm = (date: string) => zegelHere(['keys', 'confirm-date', date, ...config])
    expect((await confirm('today')).status).toBe(2)
    const wrong = await confirm('2031-02-28')
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('nothing is changed')])
    expect(await store.clock.judge(Date.now())).toMatchObject({ believed: false })
    expect((await confirm(new Date().toISOString().slice(0, 10))).status).toBe(0)
    expect(await store.clock.judge(Date.now())).toMatchObject({ believed: true })
  })
})
