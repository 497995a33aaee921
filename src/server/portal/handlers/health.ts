import type { Handler } from '../route.ts'

/** `GET /health/live`: the process answers. */
export const liveHandler: Handler = context => context.json({ status: 'ok' })

/**
 * `GET /health/ready`: the database answers too, and the process is not about to end. A portal whose housekeeping is
 * paused is ready: it is a person who has to look (`zegel check`).
 */
export function readyHandler(
  isReady: () => Promise<boolean>,
  housekeeping: () => 'ok' | 'paused' = () => 'ok',
): Handler {
  return async context =>
    (await isReady())
      ? context.json({ status: 'ok', housekeeping: housekeeping() })
      : context.json({ status: 'unavailable' }, 503)
}
