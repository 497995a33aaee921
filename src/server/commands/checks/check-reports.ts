import type { Config } from '../../config/schema.ts'
import { ok, warning } from './finding.ts'
import type { CheckLine } from './finding.ts'

const name = 'delivery reports'

/** Whether those that come from outside for reply domains have a way in of their own. docs/replies.md §8 */
export function checkReports({ gateway }: Config): CheckLine {
  const { listenReports } = gateway
  return listenReports.length > 0
    ? ok(name, `taken at ${listenReports.join(', ')}`)
    : warning(
        name,
        'those from outside have no way in: set gateway.listenReports, and never lead mail from outside to gateway.listen (docs/deploy.md)',
      )
}
