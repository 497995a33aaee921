import type { BodySection } from '../mail/parse-mail.ts'
import type { Folds } from './folds.ts'

/** Without one of these there is no older message to be found. */
const marks =
  /^>|^[ \t]*(?:-{3,}|_{10,})|type\W{0,3}cite|quote|appendonsend|RplyFwdMsg|reference-message|SRC_BODY|border-top|cite-prefix/im

/** Null when there is nothing to fold, or the means cannot be loaded: then all is shown. */
export async function loadFolds(sections: readonly BodySection[]): Promise<Folds | null> {
  if (!sections.some(({ html, text }) => marks.test(html ?? text ?? ''))) return null
  try {
    return (await import('./folds.ts')).folds
  } catch {
    return null
  }
}
