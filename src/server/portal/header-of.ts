import type { ReadHeader } from '../telemetry/reader-signals.ts'
import type { PortalContext } from './route.ts'

/** Reads the fields of a request's header for what may be counted about its reader. */
export const headerOf =
  (context: PortalContext): ReadHeader =>
  name =>
    context.req.header(name)
