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
import type { Assurance, Policy, Proof } from '../../core/policy/policy.ts'
import type { PasskeyStore, RateStore, StoredPasskey } from '../store/store.ts'
import { createBackgroundTasks } from './background-tasks.ts'
import { bindingHash } from './browser-binding.ts'
import { keyedHash, sameText } from './keyed-hash.ts'
import { PASSKEY_CEREMONY_MS, PASSKEY_LIFETIME_MS } from './limits.ts'
import { openCeremony, sealCeremony } from './passkey-ceremony.ts'
import type { PasskeyCeremony } from './passkey-ceremony.ts'
import type { SendPasskeyNotice } from './passkey-mail.ts'
import { createTokenBox } from './sealed-token.ts'
import { knownAddresses } from './session.ts'
import type { Session } from './session.ts'
import { verifyNewPasskey, verifyPasskeyUse } from './verify-passkey.ts'
import type { RelyingParty } from './verify-passkey.ts'

export interface PasskeyNeeds {
  readonly store: PasskeyStore
  /** Lets each ceremony end once, on all nodes. */
  readonly rates: Pick<RateStore, 'take'>
  /** At least 32 bytes, for as long as there are passkeys: their addresses are hashed with it. */
  readonly secret: Uint8Array
  readonly relyingParty: RelyingParty
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

export function createPasskeys(needs: PasskeyNeeds): Passkeys {
  const { store, secret, relyingParty, clock } = needs
  const box = createTokenBox(secret, 'passkey')
  const tasks = createBackgroundTasks(needs.onError)
  const hashOf = (organisationId: string, address: Address) =>
    addressHash(secret, organisationId, address)
  const begin = async (ceremony: Pick<PasskeyCeremony, 'kind' | 'boundTo' | 'address'>) => {
    const challenge = Buffer.from(needs.randomBytes(32)).toString('base64url')
    const token = await sealCeremony(box, { ...ceremony, challenge, beganAtMs: clock() })
    return { token, challenge, rpId: relyingParty.rpId }
  }
  /** The ceremony that the token seals; null when it is another's, too old, or was ended before. */
  const end = async (token: string, kind: PasskeyCeremony['kind'], boundTo: string) => {
    const ceremony = await openCeremony(box, token)
    if (ceremony === null || ceremony.kind !== kind) return null
    if (!sameText(ceremony.boundTo, boundTo)) return null
    const endsAtMs = ceremony.beganAtMs + PASSKEY_CEREMONY_MS
    if (clock() >= endsAtMs) return null
    const key = keyedHash(secret, 'zegel passkey ceremony', ceremony.challenge).toString(
      'base64url',
    )
    const taken = await needs.rates.take(key, ceremony.beganAtMs, endsAtMs)
    return taken === 1 ? ceremony : null
  }
  const living = (organisationId: string, address: Address) =>
    store.ofAddress(organisationId, hashOf(organisationId, address), clock())
  return {
    async beginMaking(session, typed) {
      const proof = provenUnder(session, parseAddress(typed))
      if (proof === null) return null
      const { organisationId, address } = proof
      const known = await living(organisationId, address)
      const asked = await begin({ kind: 'make', boundTo: session.id, address })
      return {
        ...asked,
        rpName: needs.nameOf(organisationId),
        userId: hashOf(organisationId, address).toString('base64url'),
        userName: address,
        exclude: known.map(passkey => passkey.credentialId),
      }
    },
    async make(session, answer) {
      const ceremony = await end(answer.token, 'make', session.id)
      const proof = ceremony && provenUnder(session, parseAddress(ceremony.address))
      if (ceremony === null || proof === null) return null
      const made = await verifyNewPasskey(relyingParty, answer, ceremony.challenge)
      if (made === null) return null
      const passkey: StoredPasskey = {
        ...made,
        id: Buffer.from(needs.randomBytes(16)).toString('base64url'),
        organisationId: proof.organisationId,
        addressHash: hashOf(proof.organisationId, proof.address),
        assurance: proof.assurance,
        createdAtMs: clock(),
        lastProvenAtMs: proof.provenAtMs,
        lapsesAtMs: proof.provenAtMs + PASSKEY_LIFETIME_MS,
      }
      if (!(await store.add(passkey))) return null
      const { organisationId, address } = proof
      const { locale } = answer
      tasks.run(() => needs.sendNotice({ to: address, organisationId, locale }), 0)
      return passkey.id
    },
    beginSignIn: binding => begin({ kind: 'sign-in', boundTo: bindingHash(binding), address: '' }),
    async signIn(answer, policy, binding) {
      const refused = { ok: false, code: 'passkey-refused' } as const
      if (binding === null) return refused
      const ceremony = await end(answer.token, 'sign-in', bindingHash(binding))
      const passkey = ceremony && (await store.find(answer.id, clock()))
      if (!passkey || passkey.organisationId !== policy.organisationId) return refused
      const used = await verifyPasskeyUse(relyingParty, answer, ceremony.challenge, passkey)
      if (used === null || !(await store.count(passkey.id, used.counter))) return refused
      const address = recipientOf(policy, passkey, hashOf)
      if (address === null) return { ok: false, code: 'not-a-recipient' }
      const assurance = assuranceOf(passkey.assurance, used.userVerified)
      return { ok: true, proof: proofOf(passkey, address, assurance, clock()) }
    },
    async renew(session, proof) {
      const used = session?.proofs.find(
        each => each.passkey !== undefined && each.address === proof.address,
      )
      if (used?.passkey === undefined || used.organisationId !== proof.organisationId) return
      const { provenAtMs } = proof
      await store.renew(used.passkey, provenAtMs, provenAtMs + PASSKEY_LIFETIME_MS)
    },
    async list(session) {
      const lists = knownAddresses(session).map(async address =>
        (await living(session.organisationId, address)).map(passkey => viewOf(passkey, address)),
      )
      const makeable = session.proofs.filter(isGround).map(proof => proof.address)
      return { passkeys: (await Promise.all(lists)).flat(), makeable }
    },
    async remove(session, id) {
      const { organisationId } = session
      const tries = knownAddresses(session).map(address =>
        store.remove(organisationId, hashOf(organisationId, address), id),
      )
      return (await Promise.all(tries)).includes(true)
    },
    settle: () => tasks.settle(),
  }
}

/** 32 bytes. */
function addressHash(secret: Uint8Array, organisationId: string, address: Address): Buffer {
  return keyedHash(secret, 'zegel passkey address', organisationId, address)
}

/** A passkey is no ground for another: it would prolong itself for ever without anybody reading the mailbox. */
const isGround = (proof: Proof): boolean => proof.method !== 'passkey'

/** The proof to make a passkey under. */
function provenUnder(session: Session, address: Address | null): Proof | null {
  return session.proofs.find(proof => proof.address === address && isGround(proof)) ?? null
}

/** Never more than the proof it was made under; both factors only when the device checked its person. */
function assuranceOf(madeUnder: Assurance, userVerified: boolean): Assurance {
  return madeUnder === 'mfa' && !userVerified ? 'account' : madeUnder
}

function recipientOf(
  policy: Policy,
  passkey: StoredPasskey,
  hashOf: (organisationId: string, address: Address) => Buffer,
): Address | null {
  const own = Buffer.from(passkey.addressHash)
  const found = policy.recipients.find(({ address }) =>
    hashOf(policy.organisationId, address).equals(own),
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
