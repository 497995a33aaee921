import { matchLocale } from '../text/text.ts'
import type { PortalContext } from './route.ts'

/** The language that was chosen, else the browser's wish (RFC 9110 §12.5.4), as far as we speak it. */
export function readerLocale(context: PortalContext): string {
  const chosen = context.req.query('lang')
  return matchLocale(chosen === undefined ? context.req.header('accept-language') : [chosen])
}
