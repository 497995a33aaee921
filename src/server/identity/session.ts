import { parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import { MAX_ACCOUNT_LABEL_CHARACTERS, SHOWN_ACCOUNT_ID_CHARACTERS } from '../../core/api/limits.ts'
import type { AccountView, SessionView } from '../../core/api/messages.ts'
import {
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  parseShape,
  text,
} from '../../core/api/shape.ts'
import { isAssuranceEnough } from '../../core/policy/evaluate.ts'
import type { Proof } from '../../core/policy/policy.ts'
import { keyedHash } from './keyed-hash.ts'
import { MAX_SESSION_PROOFS, SESSION_IDLE_MS, SESSION_LIFETIME_MS } from './limits.ts'

/** An account that signed in: valid, whether it proves an address or not. */
export interface SessionAccount {
  /** Id of the provider. */
  readonly provider: string
  /** Where it comes from: whether it may still sign in is asked at every use. */
  readonly realm: string
  /** Keyed hash of issuer and subject, base64url: what associations are kept under. */
  readonly key: string
  /** Cleaned; what the provider calls the account. Shown to its person, proves nothing, stored nowhere else. */
  readonly label: string
  /** True when `label` is an address that the provider vouched for at this sign-in; else the account chose it. */
  readonly vouched: boolean
  readonly signedInAtMs: number
  /** Associated addresses that a release made known to this session; names, not proofs. */
  readonly addresses: readonly Address[]
}

/** Who a browser has proven to be, before one organisation and its canonical host. protocol.md §3 */
export interface Session {
  /** Random; what is stored when the session is ended. */
  readonly id: string
  /** Id of the session that this one goes on from, through every sign-in since; its own when it is the first. */
  readonly family: string
  readonly organisationId: string
  /** Canonical host; refused elsewhere. */
  readonly host: string
  readonly proofs: readonly Proof[]
  readonly account: SessionAccount | null
  readonly privateComputer: boolean
  readonly createdAtMs: number
  readonly seenAtMs: number
}

export function endsAtMs(session: Session): number {
  return session.createdAtMs + SESSION_LIFETIME_MS
}

export function idleUntilMs(session: Session): number {
  const end = endsAtMs(session)
  return session.privateComputer ? end : Math.min(end, session.seenAtMs + SESSION_IDLE_MS)
}

export function sessionView(session: Session): SessionView {
  return {
    addresses: knownAddresses(session),
    account: session.account === null ? null : accountView(session.account),
    idleUntilMs: idleUntilMs(session),
    endsAtMs: endsAtMs(session),
  }
}

function accountView(account: SessionAccount): AccountView {
  const { provider, label, vouched } = account
  return { provider, id: shownAccountId(account), label, vouched }
}

/** Names the account to the page and back; the key itself stays sealed. */
export function shownAccountId({ key }: SessionAccount): string {
  return keyedHash(Buffer.from(key), 'zegel shown account')
    .toString('base64url')
    .slice(0, SHOWN_ACCOUNT_ID_CHARACTERS)
}

/** The proven and the associated addresses that the session can name. */
export function knownAddresses({ proofs, account }: Session): Address[] {
  return [...new Set([...proofs.map(proof => proof.address), ...(account?.addresses ?? [])])]
}

/**
 * The proofs of a session with one more, none that has outlived its time. Of one address the newest, and
 * what is stronger: a passcode takes nothing from an account with two factors, nor ends with it.
 */
export function mergeProofs(known: readonly Proof[], added: Proof, nowMs: number): Proof[] {
  const kept = known.filter(
    proof =>
      proof.organisationId === added.organisationId &&
      (proof.address !== added.address || !isAssuranceEnough(added.assurance, proof.assurance)) &&
      proof.provenAtMs + SESSION_LIFETIME_MS > nowMs,
  )
  return [...kept, added].slice(-MAX_SESSION_PROOFS)
}

interface SealedProof {
  readonly address: string
  readonly method: Proof['method']
  readonly assurance: Proof['assurance']
  readonly at: number
  readonly provider?: string
  readonly realm?: string
  readonly passkey?: string
}

interface SealedAccount {
  readonly provider: string
  readonly realm: string
  readonly key: string
  /** None: it has no name. */
  readonly label?: string
  /** None: false. */
  readonly vouched?: boolean
  readonly at: number
  readonly addresses: readonly string[]
}

interface SealedSession {
  readonly id: string
  /** None: its own id. */
  readonly family?: string
  readonly organisation: string
  readonly host: string
  readonly proofs: readonly SealedProof[]
  readonly account?: SealedAccount
  readonly private: boolean
  readonly created: number
  readonly seen: number
}

const shape = object<SealedSession>({
  id: text({ max: 64 }),
  family: optional(text({ max: 64 })),
  organisation: text({ max: 64 }),
  host: text({ max: 300 }),
  proofs: list(
    object<SealedProof>({
      address: text({ max: 320 }),
      method: oneOf('passcode', 'account', 'passkey'),
      assurance: oneOf('mailbox', 'account', 'mfa'),
      at: integer(),
      provider: optional(text({ max: 32 })),
      realm: optional(text({ max: 64 })),
      passkey: optional(text({ max: 64 })),
    }),
    MAX_SESSION_PROOFS,
  ),
  account: optional(
    object<SealedAccount>({
      provider: text({ max: 32 }),
      realm: text({ max: 64 }),
      key: text({ max: 64 }),
      label: optional(text({ max: MAX_ACCOUNT_LABEL_CHARACTERS })),
      vouched: optional(flag),
      at: integer(),
      addresses: list(text({ max: 320 }), MAX_SESSION_PROOFS),
    }),
  ),
  private: flag,
  created: integer(),
  seen: integer(),
})

/** The value that the cookie seals. */
export function encodeSession(session: Session): SealedSession {
  return {
    id: session.id,
    ...(session.family === session.id ? {} : { family: session.family }),
    organisation: session.organisationId,
    host: session.host,
    proofs: session.proofs.map(encodeProof),
    ...(session.account === null ? {} : { account: encodeAccount(session.account) }),
    private: session.privateComputer,
    created: session.createdAtMs,
    seen: session.seenAtMs,
  }
}

function encodeProof(proof: Proof): SealedProof {
  const { address, method, assurance, provenAtMs, provider, realm, passkey } = proof
  return {
    address,
    method,
    assurance,
    at: provenAtMs,
    ...(provider === undefined ? {} : { provider }),
    ...(realm === undefined ? {} : { realm }),
    ...(passkey === undefined ? {} : { passkey }),
  }
}

function encodeAccount(account: SessionAccount): SealedAccount {
  const { provider, realm, key, label, vouched, signedInAtMs: at } = account
  const addresses = account.addresses.slice(-MAX_SESSION_PROOFS)
  return {
    provider,
    realm,
    key,
    ...(label === '' ? {} : { label }),
    ...(vouched ? { vouched } : {}),
    at,
    addresses,
  }
}

/** Null when it is no session of ours. */
export function decodeSession(value: unknown): Session | null {
  const parsed = parseShape(shape, value)
  if (!parsed.ok) return null
  const sealed = parsed.value
  const proofs = sealed.proofs.map(proof => decodeProof(proof, sealed.organisation))
  if (!proofs.every(proof => proof !== null)) return null
  return {
    id: sealed.id,
    family: sealed.family ?? sealed.id,
    organisationId: sealed.organisation,
    host: sealed.host,
    proofs,
    account: sealed.account === undefined ? null : decodeAccount(sealed.account),
    privateComputer: sealed.private,
    createdAtMs: sealed.created,
    seenAtMs: sealed.seen,
  }
}

function decodeProof(proof: SealedProof, organisationId: string): Proof | null {
  const address = parseAddress(proof.address)
  if (address === null) return null
  const { method, assurance, at, provider, realm, passkey } = proof
  return {
    organisationId,
    address,
    method,
    assurance,
    provenAtMs: at,
    ...(provider === undefined ? {} : { provider }),
    ...(realm === undefined ? {} : { realm }),
    ...(passkey === undefined ? {} : { passkey }),
  }
}

function decodeAccount({
  provider,
  realm,
  key,
  label = '',
  vouched = false,
  at,
  addresses,
}: SealedAccount): SessionAccount {
  const known = addresses.map(parseAddress).filter(address => address !== null)
  return { provider, realm, key, label, vouched, signedInAtMs: at, addresses: known }
}
