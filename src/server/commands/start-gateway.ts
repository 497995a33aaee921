import { readSecret } from '../config/read-secret.ts'
import { createGateway } from '../gateway/gateway.ts'
import type { ListeningAt, PartNeeds } from './installation-needs.ts'
import { openKeysOfGateway } from './open-keys.ts'

export interface RunningGateway {
  readonly addresses: readonly ListeningAt[]
  readonly close: () => Promise<void>
}

/** Opens the gateway's keys and begins to take mail. */
export async function startGateway(needs: PartNeeds): Promise<RunningGateway> {
  const { environment } = needs
  const keys = await openKeysOfGateway(needs)
  const gateway = await createGateway({
    ...needs,
    materialFor: (organisationId, expiresAtMs, nowMs) =>
      keys.materialFor(organisationId, expiresAtMs, nowMs),
    mac: data => keys.mac(data),
    threadKeys: keys.forThreads,
    readSecret: reference => readSecret(reference, environment),
  })
  return { addresses: await gateway.listen(), close: () => gateway.close() }
}
