import type { Calendar } from './calendar/calendar.ts'
import type { ContactCard } from './contacts/contact-card.ts'
import type { MailPart } from './mail-part.ts'

/** What a file is, for files that are more than a file. Nothing of it is verified. Plain data. */
export type PartContent =
  /** A mail: `readMail` of its bytes opens it, at most MAX_MESSAGE_DEPTH deep. */
  | { readonly kind: 'message' }
  | { readonly kind: 'calendar'; readonly calendar: Calendar }
  /** At least one card; `more` were left out. */
  | { readonly kind: 'contacts'; readonly cards: readonly ContactCard[]; readonly more: number }
  /** A winmail.dat whose `files` files follow it in the list; `damaged` when not all of it could be read. */
  | { readonly kind: 'winmail'; readonly files: number; readonly damaged: boolean }
  /** One piece of a message that came in several mails (RFC 2046 §5.2.2); it is not put together. */
  | { readonly kind: 'partial'; readonly number: number | null; readonly total: number | null }
  /** Stands for a file that is elsewhere (RFC 2046 §5.2.3), which is never fetched. `where` is one unsafe line. */
  | { readonly kind: 'external'; readonly where: string }

/** A file of a mail and what it is. */
export interface ReadPart extends MailPart {
  /** Null when it is just a file. */
  readonly content: PartContent | null
  /** The name of the winmail.dat that it was unpacked from; null when the mail itself has it. */
  readonly unpackedFrom: string | null
}
