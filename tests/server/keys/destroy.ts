import type { PortalKeys } from '../../../src/server/keys/portal-keys.ts'
import { DAY_MS } from './installation.ts'

/** Housekeeping by a clock that is believed, now and after the grace. */
export async function destroyAt(
  portal: Pick<PortalKeys, 'destroyExpired'>,
  nowMs: number,
): Promise<readonly string[]> {
  await portal.destroyExpired(nowMs, 0)
  return portal.destroyExpired(nowMs, DAY_MS)
}
