import { readSecret } from '../config/read-secret.ts'
import { createGateway } from '../gateway/gateway.ts'
import { overridesOf } from '../keys/release-key.ts'
import type { ListeningAt, PartNeeds } from './installation-needs.ts'
import { openKeysOfGateway } from './open-keys.ts'

export interface RunningGateway {
  readonly addresses: readonly ListeningAt[]
  /** Where a portal hands over replies: the listener's origin; undefined when there is none. */
  readonly replies?: { readonly url: string } | undefined
  readonly close: () => Promise<void>
}

/** Opens the gateway's keys and begins to take mail. */
export async function startGateway(needs: PartNeeds): Promise<RunningGateway> {
  const { config, store, role, environment, limitScale } = needs
  const keys = await openKeysOfGateway(needs)
  const gateway = await createGateway({
    ...needs,
    materialFor: (organisationId, expiresAtMs, nowMs) =>
      keys.materialFor(organisationId, expiresAtMs, nowMs),
    mac: data => keys.mac(data),
    threadKeys: keys.forThreads,
    readSecret: reference => readSecret(reference, environment),
    replies: {
      portalVerifier: () => keys.portalVerifier(),
      readRecord: keys.readRecord,
      replyIdentity: recipient => keys.replyIdentity(recipient),
      overridesOf: policy => overridesOf(store.overrides, policy),
      audit: config.audit.enabled ? store.audit : null,
      portalIsHere: role === 'all',
      ...(limitScale === undefined ? {} : { limitScale }),
    },
  })
  const addresses = await gateway.listen()
  const url = gateway.repliesAt()
  const replies = url === undefined ? undefined : { url }
  return { addresses, replies, close: () => gateway.close() }
}
