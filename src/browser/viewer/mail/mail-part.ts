/** A file that the mail carries. Plain data: it can be posted from a worker. */
export interface MailPart {
  /** Under which it may be saved: cleaned, never empty; made up when the mail gives none. */
  readonly name: string
  /** As the mail gives it, decoded, to be shown nowhere without care; null when it gives none. */
  readonly givenName: string | null
  /** `type/subtype`, lower case, without parameters. What the sender claims it to be. */
  readonly type: string
  /** Of text; null when not named. */
  readonly charset: string | null
  /** Of the type, by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>
  /** Without angle brackets. */
  readonly contentId: string | null
  readonly disposition: 'attachment' | 'inline' | null
  /** True when the HTML body shows it by `cid:`. */
  readonly inline: boolean
  /** Decoded, byte for byte as sent. May be a view of the mail itself. */
  readonly bytes: Uint8Array
}
