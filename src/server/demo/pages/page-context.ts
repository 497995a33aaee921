import { languageNames } from '../../text/language-names.ts'
import { directionOf, locales, matchLocale, translator } from '../../text/text.ts'
import type { Translate } from '../../text/text.ts'

/** What every page of the mailbox knows about who looks at it. */
export interface PageContext {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly text: Translate
  /** Whose mail is shown; null: everyone's. */
  readonly owner: string | null
  /** The address of this page, as the language choice needs it. */
  readonly path: string
  /** A path of the mailbox that keeps owner and language. */
  readonly link: (path: string, changes?: LinkChanges) => string
  readonly nowMs: number
}

interface LinkChanges {
  readonly owner?: string | null
  readonly locale?: string
}

/** Every language with its own name for itself. */
export const languages = languageNames(locales)

/** The language is that of the address (`?lang=nl`), else the browser's: the mailbox needs no cookie. */
export function pageContext(request: Request, nowMs: number): PageContext {
  const { pathname, searchParams } = new URL(request.url)
  const chosen = searchParams.get('lang')
  const locale = matchLocale(chosen === null ? request.headers.get('accept-language') : [chosen])
  const owner = searchParams.get('to')?.trim() || null
  const link: PageContext['link'] = (path, changes = {}) => {
    const query = new URLSearchParams()
    const to = changes.owner === undefined ? owner : changes.owner
    if (to !== null) query.set('to', to)
    const language = changes.locale ?? (chosen === null ? undefined : locale)
    if (language !== undefined) query.set('lang', language)
    return query.size === 0 ? path : `${path}?${query}`
  }
  return {
    locale,
    direction: directionOf(locale),
    text: translator(locale),
    owner,
    path: pathname,
    link,
    nowMs,
  }
}
