import type { Option } from './command.ts'
import { UsageError } from './command-error.ts'

/** Which half of Zegel a process is. */
export type Role = 'all' | 'gateway' | 'portal'

export const roleOption = {
  type: 'string',
  value: 'ROLE',
  help: 'all (default), gateway or portal',
} as const satisfies Option

/** @throws UsageError */
export function readRole(text = 'all'): Role {
  if (text !== 'all' && text !== 'gateway' && text !== 'portal')
    throw new UsageError(`--role: write all, gateway or portal, not ${text}`)
  return text
}
