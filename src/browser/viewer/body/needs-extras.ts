import type { BodySection } from '../mail/body-section.ts'

/** Without one of these there is no older message to be found, and no picture within the text. */
const marks =
  /^>|^[ \t]*(?:-{3,}|_{10,})|type\W{0,3}cite|quote|appendonsend|RplyFwdMsg|reference-message|SRC_BODY|border-top|cite-prefix|data:image/im

/** Whether a letter may need what only some letters need. */
export function needsExtras(sections: readonly BodySection[]): boolean {
  return sections.some(({ html, text }) => marks.test(html ?? text ?? ''))
}
