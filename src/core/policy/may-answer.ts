import type { Policy } from './policy.ts'

/** True when some kind of answer is allowed; which kind one is, only the gateway can see. docs/replies.md §4 */
export function mayAnswer({ permissions }: Policy): boolean {
  return permissions.reply || permissions.forward
}
