/** A mail as it came in, with what a list shows of it. */
export interface StoredMail {
  /** 12 characters, base64url. */
  readonly id: string
  /** The author's bare address: of From, or of the envelope when From cannot be read. */
  readonly from: string
  /** The author's name; empty when there is none. */
  readonly fromName: string
  /** Recipients of the envelope, as the sender's server wrote them. */
  readonly to: readonly string[]
  readonly subject: string
  /** `<left@right>`; empty when it has none. */
  readonly messageId: string
  /** Ids of the mails that it follows, oldest first: References, then In-Reply-To. */
  readonly references: readonly string[]
  /** True for what the gateway sealed: its own header field stands there. */
  readonly sealed: boolean
  /** When it came in. */
  readonly receivedAtMs: number
  /** Byte for byte what SMTP brought, dots taken away. */
  readonly raw: Buffer
}
