import { text } from '../../ui/text.ts'
import type { Letter } from './letter.ts'

/** The subject, or words for its absence. */
export function titleOf({ subject }: Letter): string {
  return subject === '' ? text('message.noSubject') : subject
}
