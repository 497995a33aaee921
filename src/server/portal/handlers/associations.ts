import type { AssociationsAnswer } from '../../../core/api/messages.ts'
import { associationRemoval } from '../../../core/api/requests.ts'
import type { Associations } from '../../identity/account/associations.ts'
import { readJson } from '../read-json.ts'
import type { Handler } from '../route.ts'
import { sessionOf } from '../session-cookie.ts'

interface Needs {
  readonly associations: Pick<Associations, 'list' | 'remove'>
}

/** `GET /api/associations`: the person's own. */
export function listAssociationsHandler({ associations }: Needs): Handler {
  return async context => {
    const session = sessionOf(context)
    const answer: AssociationsAnswer = { associations: await associations.list(session) }
    return context.json(answer)
  }
}

/** `DELETE /api/associations`: one of the person's own; the answer to any other is the same. */
export function removeAssociationHandler({ associations }: Needs): Handler {
  return async context => {
    const session = sessionOf(context)
    const { id } = await readJson(context, associationRemoval)
    await associations.remove(session, id)
    return context.body(null, 204)
  }
}
