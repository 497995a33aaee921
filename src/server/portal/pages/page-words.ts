import { directionOf, translator } from '../../text/text.ts'
import type { Translate } from '../../text/text.ts'

/** A language as a page needs it. */
export interface PageLanguage {
  /** BCP 47 tag. */
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly say: Translate
}

export function pageLanguage(tag: string): PageLanguage {
  return { tag, direction: directionOf(tag), say: translator(tag) }
}

/** A chosen language goes with the reader from page to page; nothing is stored for it. */
export function query(language: PageLanguage): string {
  return `?lang=${language.tag}`
}
