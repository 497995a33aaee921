/** One card of a vCard file (2.1, RFC 2426, RFC 6350). Plain data; all texts are unsafe, cleaned to one line but for `note`. */
export interface ContactCard {
  /** Never empty: made of the other fields when the card has no name. */
  readonly name: string
  /** Organisation and its units; empty when there is none. */
  readonly organisation: string
  readonly title: string
  readonly phones: readonly ContactEntry[]
  readonly mails: readonly ContactEntry[]
  /** One line each, its parts separated by commas. */
  readonly addresses: readonly ContactEntry[]
  /** As written: may have any scheme. */
  readonly urls: readonly ContactEntry[]
  /** `1990-05-31`, `--05-31` without a year, or as written; empty when there is none. */
  readonly birthday: string
  /** LF line ends; empty when there is none. */
  readonly note: string
  /** A picture that the card carries; never one that is elsewhere. Draw it only like an inline picture. */
  readonly photo: { readonly type: string; readonly bytes: Uint8Array } | null
}

export interface ContactEntry {
  readonly value: string
  /** What the card says of it, of the kinds that there are words for. */
  readonly kinds: readonly ContactKind[]
}

export type ContactKind = 'home' | 'work' | 'cell' | 'fax' | 'preferred'
