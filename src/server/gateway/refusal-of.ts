import type { RefusalReason } from './decide.ts'
import { refusedByRule } from './smtp/reply.ts'
import type { Reply } from './smtp/reply.ts'

const reasons: Record<RefusalReason, string> = {
  'missing-from': 'A From field is needed',
  'several-from': 'Exactly one From address is needed',
  'malformed-from': 'The From field cannot be read in one way only',
  'foreign-from': 'The From address is not of an organisation here',
  'not-allowed-from': 'You may not send from this From address',
  rule: 'Refused by a rule of the organisation',
}

/** The answer to a mail that the decision refuses. */
export function refusalOf(reason: RefusalReason): Reply {
  return refusedByRule(reasons[reason])
}
