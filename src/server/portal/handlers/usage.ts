import { usageRequest } from '../../../core/api/requests.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import type { Counters } from '../../telemetry/counters.ts'
import { headerOf } from '../header-of.ts'
import { readJson } from '../read-json.ts'
import type { Handler } from '../route.ts'
import { requireAllowance } from './require-allowance.ts'

/** `POST /api/usage`: counts an error of a page, by a code of a closed list and nothing else. */
export function usageHandler(take: TakeAllowance, counters: Pick<Counters, 'ofReader'>): Handler {
  return async context => {
    await requireAllowance(take, 'usage-network', context.get('network'))
    const { error } = await readJson(context, usageRequest)
    counters.ofReader(headerOf(context)).countError(error)
    return context.body(null, 204)
  }
}
