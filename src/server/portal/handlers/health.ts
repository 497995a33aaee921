import type { Handler } from '../route.ts'

/** `GET /health/live`: the process answers. */
export const liveHandler: Handler = context => context.json({ status: 'ok' })

/** `GET /health/ready`: the database answers too, and the process is not about to end. */
export function readyHandler(isReady: () => Promise<boolean>): Handler {
  return async context =>
    (await isReady())
      ? context.json({ status: 'ok' })
      : context.json({ status: 'unavailable' }, 503)
}
