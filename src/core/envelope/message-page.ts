import type { Accent } from './accent.ts'

/** The words of one half of a notice, in one language. */
export interface NoticeWords {
  /** BCP 47 tag. */
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** Who sent what: the heading. */
  readonly heading: string
  /** Who sealed it, that neither app nor account is needed. */
  readonly explanation: string
  /** **Read the message** */
  readonly button: string
  /** What to do when the button does nothing. */
  readonly fallback: string
  /** Said above the link when the file is too large to be posted. */
  readonly large: string
  readonly warning: string
  readonly privacy: string
}

/** What message.html looks like and where it leads. envelope.md §4 */
export interface MessagePage {
  readonly organisationName: string
  readonly accent: Accent
  /** `data:image/…;base64,…`, or empty: the organisation's initial. */
  readonly logo: string
  /** Origin of the portal, without a slash at the end. */
  readonly portalUrl: string
  /** The notice's language first; English last, unless it is the same. */
  readonly words: readonly NoticeWords[]
}
