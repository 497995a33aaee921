import type { BodySection } from '../../mail/body-section.ts'

/** Characters. */
export function lengthOf(sections: readonly BodySection[]): number {
  return sections.reduce((sum, { html, text }) => sum + (html ?? text ?? '').length, 0)
}
