import type { Address } from '../../core/address/address.ts'
import { parseAddress } from '../../core/address/address.ts'
import type {
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyQuestion,
  PasskeyRegistration,
  PasskeyView,
  PasskeysAnswer,
} from '../../core/api/passkeys.ts'
import { isAssuranceEnough } from '../../core/policy/evaluate.ts'
import type { Assurance, Policy, Proof } from '../../core/policy/policy.ts'
import type { PasskeyStore, RateStore, StoredPasskey } from '../store/store.ts'
import type { WorthOfWord } from './account/ground-worth.ts'
import type { Ground } from './account/realm.ts'
import { createBackgroundTasks } from './background-tasks.ts'
import type { BackgroundTasks } from './background-tasks.ts'
import { bindingHash } from './browser-binding.ts'
import { PASSKEY_LIFETIME_MS } from './limits.ts'
import { passkeyAddressHash } from './passkey-address-hash.ts'
import { createPasskeyCeremonies } from './passkey-ceremony.ts'
import type { PasskeyCeremonies } from './passkey-ceremony.ts'
import type { SendPasskeyNotice } from './passkey-mail.ts'
import { passkeyWorth } from './passkey-worth.ts'
import type { SecretRing } from './secret-ring.ts'
import { knownAddresses } from './session.ts'
import type { Session } from './session.ts'
import { verifyNewPasskey, verifyPasskeyUse } from './verify-passkey.ts'
import type { NewCredential, RelyingParty } from './verify-passkey.ts'

export interface PasskeyNeeds {
  readonly store: PasskeyStore
  /** Seals what waits for an authenticator. */
  readonly ring: SecretRing
  /** Lets each ceremony end once, on all nodes. */
  readonly rates: Pick<RateStore, 'take'>
  /** At least 32 bytes, for as long as there are passkeys: their addresses are hashed with it. */
  readonly secret: Uint8Array
  readonly relyingParty: RelyingParty
  /** What remains of the account that a passkey was made under. */
  readonly worthOf: WorthOfWord
  readonly nameOf: (organisationId: string) => string
  readonly sendNotice: SendPasskeyNotice
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

export type PasskeySignIn =
  | { readonly ok: true; readonly proof: Proof }
  | { readonly ok: false; readonly code: 'passkey-refused' | 'not-a-recipient' }

/** Passkeys before one organisation and its canonical host. protocol.md §3 */
export interface Passkeys {
  /** Null when the session holds no proof of the address under which a passkey may be made. */
  beginMaking(session: Session, address: string): Promise<PasskeyCreation | null>
  /** The new passkey's id; null when the authenticator's answer does not do. The address gets a notice. */
  make(session: Session, answer: PasskeyRegistration): Promise<string | null>
  /** Asks whichever passkey the person has; the question tells nothing about who has one. */
  beginSignIn(binding: string): Promise<PasskeyQuestion>
  signIn(answer: PasskeyAssertion, policy: Policy, binding: string | null): Promise<PasskeySignIn>
  /** A passcode just proved the mailbox of the passkey that this session was signed in with. */
  renew(session: Session | null, proof: Proof): Promise<void>
  list(session: Session): Promise<PasskeysAnswer>
  /** False when it is none of this session's addresses. */
  remove(session: Session, id: string): Promise<boolean>
  /** Resolves when no notice is on its way. */
  settle(): Promise<void>
}

interface Parts extends PasskeyNeeds {
  readonly ceremonies: PasskeyCeremonies
  readonly tasks: BackgroundTasks
}

export function createPasskeys(needs: PasskeyNeeds): Passkeys {
  const tasks = createBackgroundTasks(needs.onError)
  const parts = { ...needs, tasks, ceremonies: createPasskeyCeremonies(needs) }
  const { rpId } = needs.relyingParty
  return {
    beginMaking: (session, typed) => beginMaking(parts, session, parseAddress(typed)),
    make: (session, answer) => make(parts, session, answer),
    async beginSignIn(binding) {
      const boundTo = bindingHash(binding)
      return { ...(await parts.ceremonies.begin({ kind: 'sign-in', boundTo, address: '' })), rpId }
    },
    signIn: (answer, policy, binding) => signIn(parts, answer, policy, binding),
    renew: (session, proof) => renew(parts, session, proof),
    list: session => list(parts, session),
    remove: (session, id) => remove(parts, session, id),
    settle: () => tasks.settle(),
  }
}

async function beginMaking(
  parts: Parts,
  session: Session,
  wanted: Address | null,
): Promise<PasskeyCreation | null> {
  const made = groundsFor(session, wanted)
  if (made === null) return null
  const { organisationId, address } = made.proof
  const known = await living(parts, organisationId, address)
  const asked = await parts.ceremonies.begin({ kind: 'make', boundTo: session.id, address })
  return {
    ...asked,
    rpId: parts.relyingParty.rpId,
    rpName: parts.nameOf(organisationId),
    userId: addressHash(parts, organisationId, address).toString('base64url'),
    userName: address,
    exclude: known.map(passkey => passkey.credentialId),
  }
}

async function make(
  parts: Parts,
  session: Session,
  answer: PasskeyRegistration,
): Promise<string | null> {
  const ceremony = await parts.ceremonies.end(answer.token, 'make', session.id)
  const grounds = ceremony && groundsFor(session, parseAddress(ceremony.address))
  if (ceremony === null || grounds === null) return null
  const credential = await verifyNewPasskey(parts.relyingParty, answer, ceremony.challenge)
  if (credential === null) return null
  const passkey = newPasskey(parts, credential, grounds)
  if (!(await parts.store.add(passkey))) return null
  const { organisationId, address: to } = grounds.proof
  parts.tasks.run(() => parts.sendNotice({ to, organisationId, locale: answer.locale }), 0)
  return passkey.id
}

function newPasskey(
  parts: Parts,
  credential: NewCredential,
  { proof, ground, mailboxProven }: Grounds,
): StoredPasskey {
  return {
    ...credential,
    id: Buffer.from(parts.randomBytes(16)).toString('base64url'),
    organisationId: proof.organisationId,
    addressHash: addressHash(parts, proof.organisationId, proof.address),
    assurance: proof.assurance,
    ground,
    mailboxProven,
    createdAtMs: parts.clock(),
    lastProvenAtMs: proof.provenAtMs,
    lapsesAtMs: proof.provenAtMs + PASSKEY_LIFETIME_MS,
  }
}

async function signIn(
  parts: Parts,
  answer: PasskeyAssertion,
  policy: Policy,
  binding: string | null,
): Promise<PasskeySignIn> {
  const refused = { ok: false, code: 'passkey-refused' } as const
  const used = binding === null ? null : await useOf(parts, answer, policy, binding)
  if (used === null) return refused
  const { passkey, userVerified } = used
  const address = recipientOf(parts, policy, passkey)
  if (address === null) return { ok: false, code: 'not-a-recipient' }
  const worth = passkeyWorth(passkey, address, parts.worthOf)
  if (worth === null) return refused
  return {
    ok: true,
    proof: proofOf(passkey, address, withFactors(worth, userVerified), parts.clock()),
  }
}

/** The passkey that answered the question; null when it is none, or the answer is not right. */
async function useOf(
  { ceremonies, store, relyingParty, clock }: Parts,
  answer: PasskeyAssertion,
  policy: Policy,
  binding: string,
): Promise<{ readonly passkey: StoredPasskey; readonly userVerified: boolean } | null> {
  const ceremony = await ceremonies.end(answer.token, 'sign-in', bindingHash(binding))
  const passkey = ceremony && (await store.find(answer.id, clock()))
  if (!passkey || passkey.organisationId !== policy.organisationId) return null
  const used = await verifyPasskeyUse(relyingParty, answer, ceremony.challenge, passkey)
  if (used === null || !(await store.count(passkey.id, used.counter))) return null
  return { passkey, userVerified: used.userVerified }
}

async function renew({ store }: Parts, session: Session | null, proof: Proof): Promise<void> {
  const used = session?.proofs.find(
    each => each.passkey !== undefined && each.address === proof.address,
  )
  if (used?.passkey === undefined || used.organisationId !== proof.organisationId) return
  const { provenAtMs } = proof
  await store.renew(used.passkey, provenAtMs, provenAtMs + PASSKEY_LIFETIME_MS)
}

async function list(parts: Parts, session: Session): Promise<PasskeysAnswer> {
  const { organisationId } = session
  const lists = knownAddresses(session).map(async address =>
    (await living(parts, organisationId, address)).map(passkey => viewOf(passkey, address)),
  )
  const makeable = session.proofs.filter(isGround).map(proof => proof.address)
  return { passkeys: (await Promise.all(lists)).flat(), makeable: [...new Set(makeable)] }
}

async function remove(parts: Parts, session: Session, id: string): Promise<boolean> {
  const { organisationId } = session
  const tries = knownAddresses(session).map(address =>
    parts.store.remove(organisationId, addressHash(parts, organisationId, address), id),
  )
  return (await Promise.all(tries)).includes(true)
}

function living(parts: Parts, organisationId: string, address: Address) {
  const hash = addressHash(parts, organisationId, address)
  return parts.store.ofAddress(organisationId, hash, parts.clock())
}

/** 32 bytes. */
function addressHash({ secret }: Parts, organisationId: string, address: Address): Buffer {
  return passkeyAddressHash(secret, organisationId, address)
}

/** A passkey is no ground for another: it would prolong itself for ever without anybody reading the mailbox. */
const isGround = (proof: Proof): boolean => proof.method !== 'passkey'

/** What a passkey is made under. */
interface Grounds {
  /** The strongest proof of the address. */
  readonly proof: Proof
  /** The account that gave it; null: a passcode did. */
  readonly ground: Ground | null
  readonly mailboxProven: boolean
}

/** Null when the session holds no proof of the address that counts for this. */
function groundsFor(session: Session, address: Address | null): Grounds | null {
  const proofs = session.proofs.filter(proof => proof.address === address && isGround(proof))
  const strongest = (a: Proof, b: Proof) => (isAssuranceEnough(a.assurance, b.assurance) ? a : b)
  const [first, ...others] = proofs
  if (first === undefined) return null
  const proof = others.reduce(strongest, first)
  const { provider, realm } = proof
  const ground = provider === undefined || realm === undefined ? null : { provider, realm }
  return { proof, ground, mailboxProven: proofs.some(({ method }) => method === 'passcode') }
}

/** Both factors only when the device checked its person. */
function withFactors(worth: Assurance, userVerified: boolean): Assurance {
  return worth === 'mfa' && !userVerified ? 'account' : worth
}

function recipientOf(parts: Parts, policy: Policy, passkey: StoredPasskey): Address | null {
  const own = Buffer.from(passkey.addressHash)
  const found = policy.recipients.find(({ address }) =>
    addressHash(parts, policy.organisationId, address).equals(own),
  )
  return found?.address ?? null
}

function proofOf(
  { id, organisationId }: StoredPasskey,
  address: Address,
  assurance: Assurance,
  provenAtMs: number,
): Proof {
  return { organisationId, address, method: 'passkey', assurance, provenAtMs, passkey: id }
}

function viewOf(passkey: StoredPasskey, address: Address): PasskeyView {
  const { id, createdAtMs, lastProvenAtMs, lapsesAtMs } = passkey
  return { id, address, createdAtMs, lastProvenAtMs, lapsesAtMs }
}
