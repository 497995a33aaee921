/** What a winmail.dat holds. All of it is unsafe. */
export interface Winmail {
  /** Its text as HTML; null when it has none, or only text. */
  readonly html: string | null
  readonly text: string | null
  /** An invitation first, where the message is one. */
  readonly files: readonly WinmailFile[]
  /** Not all of it could be read. */
  readonly damaged: boolean
}

export interface WinmailFile {
  /** As given, to be cleaned; empty when there is none. */
  readonly name: string
  /** As given; empty when there is none. */
  readonly type: string
  /** Without brackets. */
  readonly contentId: string | null
  readonly bytes: Uint8Array
}
