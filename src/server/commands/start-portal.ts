import { readSecret } from '../config/read-secret.ts'
import type { Config } from '../config/schema.ts'
import type { PortalKeys } from '../keys/portal-keys.ts'
import { createReleaseKey, overridesOf } from '../keys/release-key.ts'
import { createPortal } from '../portal/portal.ts'
import type { Replies } from '../portal/portal-types.ts'
import { readPromiseResults } from '../portal/promises/promise-results.ts'
import { browserFolder, promiseResultsFile } from './browser-folder.ts'
import type { PartNeeds, PortalPartNeeds } from './installation-needs.ts'
import { keptRows } from './kept-rows.ts'
import { repliesOf } from './replies-of.ts'
import { openKeysOfPortal, trustedGatewaysOf } from './open-keys.ts'
import { sortSigningKeys } from './public-keys.ts'
import { programVersion } from './version.ts'

export interface RunningPortal {
  /** The canonical address. */
  readonly url: string
  readonly keys: PortalKeys
  readonly close: () => Promise<void>
}

/** Opens the portal's keys and begins to answer readers. */
export async function startPortal(needs: PortalPartNeeds): Promise<RunningPortal> {
  leaveNothingInPool()
  const { config, store, environment, upkeep } = needs
  const keys = await openKeysOfPortal(needs, needs.role)
  await tellOfDoubtedKeys(needs)
  const replies = await repliesOf(needs, keys.signHandOver)
  const portal = await createPortal({
    ...needs,
    openStanza: keys.openStanza,
    releaseKey: createReleaseKey({
      openStanza: keys.openStanza,
      overrides: store.overrides,
      audit: config.audit.enabled ? store.audit : null,
      offerReplies: organisationId => offerOf(replies, config, organisationId),
    }),
    replies,
    overridesOf: policy => overridesOf(store.overrides, policy),
    secret: name => keys.secret(name),
    ring: name => keys.ring(name),
    readSecret: reference => readSecret(reference, environment),
    housekeeping: () => (upkeep.paused ? 'paused' : 'ok'),
    running:
      needs.demo === true
        ? 'demo'
        : needs.role === 'portal'
          ? 'portal-alone'
          : 'portal-and-gateway',
    keptRows: () => keptRows({ config, store }),
    browserFolder,
    version: programVersion(),
    promiseResults: await readPromiseResults(promiseResultsFile, programVersion()),
  })
  await portal.listen()
  return { url: config.portal.url, keys, close: () => portal.close() }
}

function offerOf({ handOverTo, maxBytes }: Replies, { organisations }: Config, id: string) {
  const organisation = organisations.find(one => one.id === id)
  if (organisation === undefined || handOverTo() === undefined) return null
  return { maxBytes, domains: organisation.domains }
}

/** After an update it may be the operator's own old key; else somebody wrote into the database. */
async function tellOfDoubtedKeys(needs: PartNeeds): Promise<void> {
  const trusted = await trustedGatewaysOf(needs, needs.role)
  const { doubted } = await sortSigningKeys(needs.store, needs.config, trusted)
  if (doubted.length > 0)
    needs.log.warn('signing-keys-doubted', { keys: doubted.length, see: 'zegel check' })
}

/**
 * Small Buffers share slabs of memory that live on while any part of them is in use: a passcode in one outlives its
 * request by hours. Without the pool each goes with what needed it. https://nodejs.org/api/buffer.html#bufferpoolsize
 */
function leaveNothingInPool(): void {
  Buffer.poolSize = 0
}
