import { createCounters } from '../telemetry/counters.ts'
import { closeInOrder } from './close-in-order.ts'
import { startHousekeeping } from './housekeeping.ts'
import type { InstallationNeeds, ListeningAt } from './installation-needs.ts'
import { startGateway } from './start-gateway.ts'
import type { RunningGateway } from './start-gateway.ts'
import { startPortal } from './start-portal.ts'
import { openConfiguredStore } from './open-configured-store.ts'

/** A running Zegel, or one half of it. */
export interface Installation {
  /** Where readers go; undefined for a gateway alone. */
  readonly portalUrl: string | undefined
  /** Where mail is taken in: `gateway.listen`, then `gateway.listenTls`; empty for a portal alone. */
  readonly smtp: readonly ListeningAt[]
  close(): Promise<void>
}

/**
 * Joins store, keys, gateway and portal, and starts to listen.
 * The portal starts first: a new installation's gateway needs the keys that it makes. protocol.md §0
 * @throws what opening any of them throws; nothing is left running then
 */
export async function startInstallation(needs: InstallationNeeds): Promise<Installation> {
  const store = await openConfiguredStore(needs.config, needs.environment)
  const running: (() => Promise<void>)[] = [() => store.close()]
  const close = (): Promise<void> => closeInOrder(running.toReversed())
  try {
    const counters = createCounters({
      write: (...count) => store.usage.add(...count),
      writeOrganisation: (...count) => store.usage.addOfOrganisation(...count),
      clock: needs.clock,
      enabled: needs.config.telemetry.enabled,
    })
    let gateway: RunningGateway | undefined
    const part = {
      ...needs,
      store,
      counters,
      upkeep: { paused: false },
    }
    const repliesOfGateway = () => gateway?.replies
    running.push(() => counters.flush())
    const portal =
      needs.role === 'gateway' ? undefined : await startPortal({ ...part, repliesOfGateway })
    if (portal !== undefined) running.push(portal.close)
    gateway = needs.role === 'portal' ? undefined : await startGateway(part)
    if (gateway !== undefined) running.push(gateway.close)
    running.push(startHousekeeping(part, portal?.keys))
    return { portalUrl: portal?.url, smtp: gateway?.addresses ?? [], close }
  } catch (error) {
    await close()
    throw error
  }
}
