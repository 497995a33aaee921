import type { Permissions } from '../../core/policy/policy.ts'
import type { Config } from '../config/schema.ts'
import { compileCondition } from './match-condition.ts'
import type { Matched } from './match-condition.ts'

/**
 * What the readers of a mail may do: `policy.default.permissions`, with the permission to forward where `mayForward`
 * holds, without it and that to print where `doNotForward` holds, which wins.
 * @throws {RangeError} for a rule that cannot be understood
 */
export function compilePermissions(policy: Config['policy']): (matched: Matched) => Permissions {
  const { permissions } = policy.default
  const doNotForward = policy.doNotForward.map(compileCondition)
  const mayForward = policy.mayForward.map(compileCondition)
  return matched => {
    if (doNotForward.some(holds => holds(matched)))
      return { ...permissions, forward: false, print: false }
    return mayForward.some(holds => holds(matched))
      ? { ...permissions, forward: true }
      : permissions
  }
}
