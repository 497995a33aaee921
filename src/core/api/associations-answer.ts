import { MAX_ASSOCIATIONS, MAX_SENTENCE_CHARACTERS } from './limits.ts'
import { flag, integer, list, nullable, object, text } from './shape.ts'
import type { Shape } from './shape.ts'
import type { AssociationView, AssociationsAnswer } from './messages.ts'

const sentence = text({ max: MAX_SENTENCE_CHARACTERS })
const timeMs = integer()
const providerId = text({ min: 1, max: 32, pattern: /^[a-z0-9-]+$/ })

/** In a file of its own: the reader page does not load it. */
export const associationsAnswer: Shape<AssociationsAnswer> = object<AssociationsAnswer>({
  associations: list(
    object<AssociationView>({
      id: text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ }),
      provider: object<{ id: string; name: string }>({ id: providerId, name: sentence }),
      address: nullable(sentence),
      thisAccount: flag,
      createdAtMs: timeMs,
      lastProvenAtMs: timeMs,
      lapsesAtMs: timeMs,
    }),
    MAX_ASSOCIATIONS,
  ),
})
