import type { Address } from '../address/address.ts'

/** How strongly a reader must have proven an address; each includes the ones before it. */
export type Assurance = 'mailbox' | 'account' | 'mfa'

export interface PolicyRecipient {
  readonly address: Address
  /** True when the address stands in To or Cc; false for Bcc, which is never shown to anyone. */
  readonly listed: boolean
}

export interface Permissions {
  readonly reply: boolean
  readonly forward: boolean
  /** A hint to the page; no software can prevent a print. */
  readonly print: boolean
}

/** Who wrote a message that the organisation only passes on, and how they proved their address. docs/replies.md */
export interface PolicyWriter {
  readonly address: Address
  readonly method: Proof['method']
  readonly assurance: Assurance
}

/** Who may open a message, until when, how strongly signed in. Stands in the sealed record. envelope.md §2 */
export interface Policy {
  /** 16 bytes, base64url: HMAC(gateway key, sender ‖ Message-ID), the same on every retry. */
  readonly messageId: string
  readonly organisationId: string
  readonly sender: Address
  /** The sender's display name, cleaned; empty when there is none. */
  readonly senderName: string
  readonly recipients: readonly PolicyRecipient[]
  readonly createdAtMs: number
  /** Null: never. */
  readonly expiresAtMs: number | null
  readonly permissions: Permissions
  readonly assurance: Assurance
  /** Name of the notice's template. */
  readonly template: string
  /** BCP 47 tag of the notice's language. */
  readonly locale: string
  /** 16 bytes, base64url. */
  readonly conversationId: string
  /** An `age1pq1…` recipient whose private half only the gateway has. */
  readonly replyRecipient: string
  /** There when somebody outside wrote it in the portal: never shown as sent by the organisation. */
  readonly writer?: PolicyWriter
  /** People of the organisation in To, Cc and Reply-To who got it unsealed: an answer may go to them too. */
  readonly inside?: readonly Address[]
}

/** An address that a session has proven. */
export interface Proof {
  readonly organisationId: string
  readonly address: Address
  readonly method: 'passcode' | 'account' | 'passkey'
  readonly assurance: Assurance
  readonly provenAtMs: number
  /** Id of the account's provider, for `account`: whether it is still trusted is checked at every use. */
  readonly provider?: string
  /** Where that account comes from, for `account`: its id may stand for another issuer by now. */
  readonly realm?: string
  /** Id of the passkey, for `passkey`: it may be removed by now. */
  readonly passkey?: string
}

/** What was decided after sealing: revocation or another expiry, for all or for one recipient. */
export interface Override {
  /** Null: for every recipient. */
  readonly recipient: Address | null
  readonly revoked: boolean
  /** Undefined: unchanged; null: never. */
  readonly expiresAtMs: number | null | undefined
}

export type RefusalCode =
  | 'sign-in-required'
  | 'not-a-recipient'
  | 'expired'
  | 'revoked'
  | 'assurance-too-low'
  | 'unknown-key'
  | 'bad-envelope'
  | 'rate-limited'

export type Verdict =
  | { readonly allowed: true; readonly proof: Proof }
  | { readonly allowed: false; readonly code: RefusalCode }
