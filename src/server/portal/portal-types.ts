import type { ReleaseAnswer } from '../../core/api/messages.ts'
import type { SealedRecord } from '../../core/envelope/record.ts'
import type { Override, Policy, Proof, RefusalCode } from '../../core/policy/policy.ts'
import type { SecretRing } from '../identity/secret-ring.ts'
import type { Store } from '../store/store.ts'
import type { Counters } from '../telemetry/counters.ts'
import type { Log } from '../telemetry/log.ts'
import type { FindKeptRows } from './kept-rows.ts'
import type { PromiseResults } from './promises/promise-results.ts'
import type { ReadSecret } from './read-secret.ts'
import type { HandOverTo } from './replies/gateway-line.ts'
import type { Running, StatementConfig } from './statement-facts.ts'

/** Opens the exact text of a stanza and checks the record inside; says nothing about who may read. */
export type OpenStanza = (stanza: string) => Promise<
  | {
      readonly ok: true
      readonly record: SealedRecord
      readonly padded: Uint8Array
      readonly signingPublicKey: Uint8Array
    }
  | { readonly ok: false; readonly code: RefusalCode }
>

/** Hands the portal's share to a browser that may have it, with its audit row. protocol.md §4 */
export type ReleaseKey = (request: {
  readonly stanza: string
  readonly browserKey: Uint8Array
  readonly proofs: readonly Proof[]
  readonly nowMs: number
}) => Promise<
  | { readonly ok: true; readonly answer: ReleaseAnswer }
  | { readonly ok: false; readonly code: RefusalCode }
>

/** What the organisation has decided about a message since it was sealed. */
export type OverridesOf = (policy: Policy) => Promise<readonly Override[]>

/** The portal's two signatures on what it hands over. docs/replies.md §3 */
export interface SignHandOver {
  ofHead(head: Uint8Array): Uint8Array
  /** @param digest SHA-256 of head and reply file */
  ofWhole(digest: Uint8Array): Uint8Array
}

/** How replies reach the gateway. */
export interface Replies {
  /** Asked for every reply; undefined: none is taken. */
  readonly handOverTo: () => HandOverTo | undefined
  readonly sign: SignHandOver
  /** Of a reply file with its head. */
  readonly maxBytes: number
}

export interface PortalNeeds {
  readonly config: StatementConfig
  /** Left out: what promises the least. */
  readonly running?: Running
  /** Left out: nothing is there of what is switched off. */
  readonly keptRows?: FindKeptRows
  readonly openStanza: OpenStanza
  readonly releaseKey: ReleaseKey
  readonly overridesOf: OverridesOf
  /** Left out: none are taken. */
  readonly replies?: Replies
  /** 32 bytes that only this installation's portal has, for ever. */
  readonly secret: (name: 'rate' | 'association') => Uint8Array
  /** Secrets that are renewed: of cookies and of passcodes. */
  readonly ring: (name: 'cookie' | 'passcode') => SecretRing
  readonly store: Pick<
    Store,
    'passcodes' | 'sessions' | 'rates' | 'associations' | 'passkeys' | 'ping'
  >
  readonly readSecret: ReadSecret
  /** `paused`: nothing is deleted or destroyed until a person has confirmed the date. */
  readonly housekeeping?: () => 'ok' | 'paused'
  /** `dist/browser/`, with a slash at its end. */
  readonly browserFolder: URL
  /** Of the program, for the release manifest. */
  readonly version: string
  /** What the tests of the promises found of this version; null or left out when they were not run. */
  readonly promiseResults?: PromiseResults | null
  readonly log: Log
  readonly counters: Counters
  readonly clock: () => number
  /** For requests to providers of accounts; the process's own when left out. */
  readonly fetch?: typeof globalThis.fetch
  /** Multiplies every limit; for the demo, where one person plays all parts. */
  readonly limitScale?: number
}
