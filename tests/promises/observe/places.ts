import { formsOf } from '../secret-forms.ts'
import type { ObservedReading } from './observed-reading.ts'

/** Bytes that were recorded somewhere, by the name of the place. */
export type Places = ReadonlyMap<string, Buffer>

/** Names of the places where a text or its bytes lie, in any form. */
export function placesOf(secret: string | Uint8Array, places: Places): readonly string[] {
  const forms = formsOf(Buffer.from(secret))
  return [...places]
    .filter(([, bytes]) => forms.some(form => bytes.includes(form)))
    .map(([at]) => at)
}

/** What the installation keeps and says: files while it runs and after, standard output and error. */
export function keptPlaces({ filesRunning, filesAfter, portal, gateway }: ObservedReading): Places {
  return new Map([
    ...[...filesRunning].map(([path, bytes]) => [`${path}, running`, bytes] as const),
    ...[...filesAfter].map(([path, bytes]) => [`${path}, after`, bytes] as const),
    ['log of the portal', Buffer.from(portal.output)],
    ['log of the gateway', Buffer.from(gateway.output)],
  ])
}

/** What goes to and from the portal. */
export function portalPlaces({ roles }: ObservedReading): Places {
  const { portal, relay } = roles.recorders
  return new Map([
    ['browser to portal', portal.sent()],
    ['portal to browser', portal.answered()],
    ['portal to relay', relay.sent()],
    ['relay to portal', relay.answered()],
  ])
}

/** What goes to and from the gateway. */
export function gatewayPlaces({ roles }: ObservedReading): Places {
  const { gateway, nextHop } = roles.recorders
  return new Map([
    ['sender to gateway', gateway.sent()],
    ['gateway to sender', gateway.answered()],
    ['gateway to next hop', nextHop.sent()],
    ['next hop to gateway', nextHop.answered()],
  ])
}
