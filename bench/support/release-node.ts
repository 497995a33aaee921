// One portal node of P6 without HTTP: opens the portal's keys, says `ready`, waits for a line, releases one
// message as often as it can for so long, and says how often.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createReleaseReceiver } from '../../src/core/envelope/release.ts'
import { openPortalKeys } from '../../src/server/keys/portal-keys.ts'
import { createReleaseKey } from '../../src/server/keys/release-key.ts'
import { rootKey } from '../../src/server/keys/root-key.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { type ReleaseTask, benchOrganisation } from './release-task.ts'

/** Readers who ask at the same time. */
const atOnce = 32

const [taskFile = '', milliseconds = ''] = process.argv.slice(2)
const task = JSON.parse(readFileSync(taskFile, 'utf8')) as ReleaseTask
const store = await openStore(task.url)
const keys = await openPortalKeys({
  store,
  rootKey: rootKey(Buffer.from(task.portalRoot, 'hex')),
  organisations: [benchOrganisation],
  trustedGateways: task.trustedGateways,
  clock: Date.now,
})
const releaseKey = createReleaseKey({
  openStanza: keys.openStanza,
  overrides: store.overrides,
  audit: store.audit,
  offerReplies: () => ({ maxBytes: 1_000_000, domains: benchOrganisation.domains }),
})
const { publicKey: browserKey } = await createReleaseReceiver()

async function release(): Promise<void> {
  const { stanza, proofs } = task
  const answer = await releaseKey({ stanza, browserKey, proofs, nowMs: Date.now() })
  if (!answer.ok) throw new Error(`not released: ${answer.code}`)
}

await Promise.all(Array.from({ length: atOnce }, release)) // warm up, unmeasured
process.stdout.write('ready\n')
await once(process.stdin, 'data')
const endMs = performance.now() + Number(milliseconds)
let released = 0
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (; performance.now() < endMs; released += 1) await release()
  }),
)
await store.close()
process.stdout.write(`${released}\n`)
process.exit(0)
