/** What browser and portal say to each other, as JSON. Binary values are base64 (RFC 4648 §4, padded). protocol.md */

import type { Assurance, Permissions, Proof } from '../policy/policy.ts'
import type { ReplyKind } from '../reply/reply-head.ts'
import type { PageErrorCode } from './page-error-codes.ts'
import type { ProblemCode } from './problem-codes.ts'

export type { PageErrorCode, ProblemCode }

/** `POST /api/describe` */
export interface DescribeRequest {
  /** The exact text of the age stanza, `-> zegel.v1 KEYID\n` and its body lines, final newline included. */
  readonly stanza: string
}

export interface DescribeAnswer {
  readonly organisation: OrganisationView
  readonly sender: { readonly address: string; readonly name: string }
  /** True when the sender is not of the organisation but wrote in its portal. */
  readonly external: boolean
  /** Listed recipients, masked: `b•••@example.org`. Bcc recipients never stand here. */
  readonly recipients: readonly MaskedRecipient[]
  readonly methods: {
    readonly passcode: boolean
    /** In the order in which they are shown, the suggested ones first. */
    readonly providers: readonly ProviderView[]
  }
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly permissions: Permissions
  readonly assurance: Assurance
  /** True when the session of this browser already opens the message. */
  readonly signedIn: boolean
}

/** A way to sign in with an account. Its link: `signInPath` of sign-in-results.ts. */
export interface ProviderView {
  readonly id: string
  readonly kind: 'microsoft' | 'google' | 'openid'
  /** The exact name: **Sign in with NAME**. */
  readonly name: string
  /** Path of an image on the portal, or empty: the page's own for `microsoft` and `google`. */
  readonly logo: string
  /** True when a listed recipient's mailbox is at this provider (a Gmail address at Google). */
  readonly suggested: boolean
  /** True when people can be led to make an account (`prompt=create`). */
  readonly canCreate: boolean
}

export interface OrganisationView {
  readonly id: string
  readonly name: string
  /** CSS colour `#rrggbb`. */
  readonly accent: string
  /** Path of an image on the portal, `/assets/logo-….png`, or empty. */
  readonly logo: string
  readonly privacyAddress: string
}

export interface MaskedRecipient {
  /** Position in the policy's list of listed recipients; the handle in `POST /api/passcodes`. */
  readonly index: number
  readonly masked: string
}

/** `POST /api/passcodes`: by position, or by an address that the reader typed (*Another address*). */
export interface PasscodeRequest {
  readonly stanza: string
  readonly recipient: { readonly index: number } | { readonly address: string }
  readonly locale: string
}

export interface PasscodeAnswer {
  /** Names the challenge in `GET /api/passcodes/ID`. */
  readonly id: string
  /** Sealed state of the challenge; comes back in `POST /api/passcodes/verify`. */
  readonly challenge: string
  /** Stands in the mail and on the page: `K7-MX2`. */
  readonly reference: string
  readonly expiresAtMs: number
  /** Masked address the code goes to; for a typed address the same mask of what was typed. */
  readonly masked: string
  readonly triesLeft: number
}

/** `GET /api/passcodes/ID` */
export interface PasscodeDelivery {
  /**
   * What happened to the passcode mail: `accepted` and `refused` are the next hop's words.
   * `unknown` is the answer for every typed address, whether it is a recipient or not.
   */
  readonly state: 'sending' | 'accepted' | 'refused' | 'unknown'
  readonly atMs: number
  /** The next hop's answer without addresses, for `refused`. */
  readonly reason?: string
}

/** `POST /api/passcodes/verify` */
export interface PasscodeVerifyRequest {
  readonly challenge: string
  readonly code: string
  readonly privateComputer: boolean
  /**
   * `SessionView.account.id` of the account that the person was shown: it is associated with the address,
   * and signs in alone from then on. Another account by now: `account-changed`, and the code is not used
   * up. Only where the person was told so. protocol.md §3
   */
  readonly associate?: string
}

export interface SessionView {
  /** The proven addresses, in full: the reader proved them. */
  readonly addresses: readonly string[]
  /** An account that is signed in, whether it proves an address or not. */
  readonly account: AccountView | null
  /** When the session ends without use. */
  readonly idleUntilMs: number
  readonly endsAtMs: number
}

export interface AccountView {
  /** Id of the provider. */
  readonly provider: string
  /** The same for the same account; `associate` says by it which one was shown. */
  readonly id: string
  /** What the provider calls it, often an address; empty when it says nothing. Only to be shown. */
  readonly label: string
  /** True when the provider vouches for the label; else the account calls itself so, and the page says it. */
  readonly vouched: boolean
}

/** `POST /api/release` */
export interface ReleaseRequest {
  readonly stanza: string
  /** One-time P-256 public key, 65 bytes uncompressed (RFC 9180 §7.1.1). */
  readonly browserKey: string
}

export interface ReleaseAnswer {
  /** HPKE encapsulated key and ciphertext of the portal share; info `zegel.v1 release`, aad SHA-256(stanza). */
  readonly enc: string
  readonly ct: string
  /** The organisation's Ed25519 verification key named in the record, 32 bytes. */
  readonly signingKeyId: string
  readonly signingKey: string
  /** The address the message was released to. */
  readonly recipient: string
  readonly sender: { readonly address: string; readonly name: string }
  /** The organisation's domain that vouches for the sender. */
  readonly vouchedBy: string
  /** There when the sender is not of the organisation: they wrote in its portal, and proved their address so. */
  readonly writer?: { readonly method: Proof['method']; readonly assurance: Assurance }
  readonly permissions: Permissions
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  /** What an answer needs; null where this portal takes none or the policy allows neither answer nor forwarding. */
  readonly reply: ReplyOffer | null
}

/** docs/replies.md */
export interface ReplyOffer {
  /** `age1pq1…`: the gateway's alone. */
  readonly recipient: string
  readonly messageId: string
  readonly conversationId: string
  /** A reply file may be this long. */
  readonly maxBytes: number
  /** Who may be written to without permission to forward; canonical, the reader too. */
  readonly participants: readonly string[]
  /** Those of them who are of the organisation: they get it as an ordinary mail. */
  readonly inside: readonly string[]
}

/** Head of `POST /api/replies`; the reply file follows it. */
export interface ReplyRequest {
  /** Of the message that is answered, as in `DescribeRequest`. */
  readonly stanza: string
}

/** `POST /api/replies`: once it is delivered. */
export interface ReplyAnswer {
  readonly kind: ReplyKind
}

/** `GET /api/associations`: the person's own, of the proven addresses and the account of the session. */
export interface AssociationsAnswer {
  readonly associations: readonly AssociationView[]
}

export interface AssociationView {
  readonly id: string
  readonly provider: { readonly id: string; readonly name: string }
  /** Null when this session does not know it: only hashes are stored. */
  readonly address: string | null
  /** True when it is the account of this session. */
  readonly thisAccount: boolean
  readonly createdAtMs: number
  /** When the mailbox was last proven. */
  readonly lastProvenAtMs: number
  /** When it ends without a fresh proof of the mailbox. */
  readonly lapsesAtMs: number
}

/** `DELETE /api/associations`: answers 204, also when it was gone already. */
export interface AssociationRemoval {
  readonly id: string
}

/** `POST /api/usage`: an error that the page met, counted by its code alone. */
export interface UsageRequest {
  readonly error: PageErrorCode
}

/** RFC 9457 problem details; `code` is stable, `detail` is for developers, the page translates `code`. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail?: string
  /** Tries left after a wrong passcode. */
  readonly triesLeft?: number
  /** Seconds to wait, for `rate-limited`. */
  readonly retryAfterSeconds?: number
  /** Positions in `to` ‖ `cc` of a reply, for `recipient-not-allowed` and `recipient-refused`. */
  readonly recipients?: readonly number[]
}
