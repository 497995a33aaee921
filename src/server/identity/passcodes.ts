import { maskAddress, parseAddress } from '../../core/address/address.ts'
import type { PasscodeAnswer, PasscodeDelivery, PasscodeRequest } from '../../core/api/messages.ts'
import { normaliseCode } from '../../core/api/normalise-code.ts'
import { recordLength } from '../../core/envelope/record.ts'
import type { Policy, Proof } from '../../core/policy/policy.ts'
import type { PasscodeStore } from '../store/store.ts'
import { createBackgroundTasks } from './background-tasks.ts'
import type { BackgroundTasks } from './background-tasks.ts'
import { bindingHash } from './browser-binding.ts'
import { challengeIdOf, newChallengeId, publicChallengeId } from './challenge-id.ts'
import { openChallenge, sealChallenge } from './challenge.ts'
import type { Challenge } from './challenge.ts'
import { derivePasscode } from './derive-passcode.ts'
import { sameText } from './keyed-hash.ts'
import {
  MAIL_DELAY_MS,
  MAX_WAITING_MAILS,
  PASSCODE_LIFETIME_MS,
  PASSCODE_TRIES,
  RECIPIENT_RECORD_BYTES,
} from './limits.ts'
import type { SendPasscode } from './passcode-mail.ts'
import { passcodeSubject } from './passcode-subject.ts'
import type { PasscodeTarget } from './passcode-subject.ts'
import type { TakeAllowance } from './rate-limiter.ts'
import { referenceCode } from './reference-code.ts'
import { createTokenBox } from './sealed-token.ts'
import type { TokenBox } from './sealed-token.ts'
import type { RingKey, SecretRing } from './secret-ring.ts'

export interface PasscodeNeeds {
  readonly store: PasscodeStore
  /** Keys of the codes, and of what is sealed while a code is on its way. */
  readonly ring: SecretRing
  readonly take: TakeAllowance
  readonly send: SendPasscode
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

export interface PasscodeWish {
  readonly policy: Policy
  readonly recipient: PasscodeRequest['recipient']
  /** The browser's binding cookie. */
  readonly binding: string
  readonly locale: string
}

export type PasscodeRequested =
  | { readonly ok: true; readonly answer: PasscodeAnswer }
  | { readonly ok: false; readonly code: 'bad-request' | 'busy' }
  | { readonly ok: false; readonly code: 'rate-limited'; readonly retryAfterSeconds: number }

export type PasscodeVerified =
  | { readonly ok: true; readonly proof: Proof }
  | { readonly ok: false; readonly code: 'wrong-passcode'; readonly triesLeft?: number }
  | { readonly ok: false; readonly code: 'bad-request' | 'passcode-expired' | 'passcode-used' }

export interface Passcodes {
  /** Mails a code to an address of the policy. The answer for a typed address is the same whether it is one or not. */
  request(wish: PasscodeWish): Promise<PasscodeRequested>
  verify(token: string, typed: string, binding: string | null): Promise<PasscodeVerified>
  /** Undefined for an id that this browser did not get. */
  delivery(publicId: string, binding: string | null): Promise<PasscodeDelivery | undefined>
  /** Resolves when no mail is on its way. */
  settle(): Promise<void>
}

/** One-time passcodes: derived, never stored; bound to the browser that asked. protocol.md §3 */
export function createPasscodes(needs: PasscodeNeeds): Passcodes {
  const box = createTokenBox(needs.ring, 'challenge')
  const tasks = createBackgroundTasks(needs.onError)
  return {
    request: wish => request(needs, box, tasks, wish),
    verify: (token, typed, binding) => verify(needs, box, token, typed, binding),
    delivery: (publicId, binding) => delivery(needs, publicId, binding),
    settle: () => tasks.settle(),
  }
}

async function delivery(
  { ring, store }: PasscodeNeeds,
  publicId: string,
  binding: string | null,
): Promise<PasscodeDelivery | undefined> {
  if (binding === null) return undefined
  const keys = await ring.all()
  const ids = keys.map(({ secret }) => challengeIdOf(secret, publicId, bindingHash(binding)))
  const id = ids.find(each => each !== null)
  const found = id === undefined ? undefined : await store.delivery(id)
  if (found === undefined) return undefined
  const { state, atMs, reason } = found
  return reason === '' ? { state, atMs } : { state, atMs, reason }
}

interface Target extends PasscodeTarget {
  /** Typed addresses never learn what became of the mail. */
  readonly typed: boolean
}

/** Null when there is no such position, or what was typed is no address. */
function findTarget(wish: PasscodeWish): Target | null {
  const { policy, recipient } = wish
  if ('index' in recipient) {
    const listed = policy.recipients.filter(each => each.listed)[recipient.index]
    return listed === undefined ? null : { address: listed.address, real: true, typed: false }
  }
  const address = parseAddress(recipient.address.trim())
  if (address === null) return null
  const real = policy.recipients.some(each => each.address === address)
  return { address, real, typed: true }
}

async function request(
  needs: PasscodeNeeds,
  box: TokenBox,
  tasks: BackgroundTasks,
  wish: PasscodeWish,
): Promise<PasscodeRequested> {
  const target = findTarget(wish)
  if (target === null) return { ok: false, code: 'bad-request' }
  if (tasks.size >= MAX_WAITING_MAILS) return { ok: false, code: 'busy' }
  const { waitSeconds, mayMail } = await takeAll(needs.take, wish.policy, target)
  if (waitSeconds > 0) return { ok: false, code: 'rate-limited', retryAfterSeconds: waitSeconds }
  const key = await needs.ring.current()
  const challenge = newChallenge(needs, wish, target, key)
  await openInStore(needs, challenge, target)
  const answer = await answerTo(box, challenge, key)
  const task = mayMail ? () => mail(needs, wish, challenge, target, key) : async () => undefined
  tasks.run(task, mailDelayMs(needs))
  return { ok: true, answer }
}

interface TakenAll {
  /** 0 when all limits allow it. */
  readonly waitSeconds: number
  readonly mayMail: boolean
}

/**
 * A limit that others move must not answer whether a typed address is a recipient: who typed one too often gets the
 * usual answer and no mail.
 */
async function takeAll(take: TakeAllowance, policy: Policy, target: Target): Promise<TakenAll> {
  const [ofAddress, ...others] = await Promise.all([
    take('passcode-address', passcodeSubject(target)),
    take('passcode-message', policy.messageId, recordLength(policy) / RECIPIENT_RECORD_BYTES),
    take('passcode-organisation', policy.organisationId),
  ])
  const told = target.typed ? others : [ofAddress, ...others]
  const waits = told.map(each => (each.allowed ? 0 : each.retryAfterSeconds))
  return { waitSeconds: Math.max(...waits), mayMail: ofAddress.allowed }
}

function newChallenge(
  needs: PasscodeNeeds,
  wish: PasscodeWish,
  target: Target,
  { id: keyId }: RingKey,
): Challenge {
  return {
    challengeId: newChallengeId(needs.randomBytes),
    organisationId: wish.policy.organisationId,
    address: target.address,
    expiresAtMs: needs.clock() + PASSCODE_LIFETIME_MS,
    browser: bindingHash(wish.binding),
    real: target.real,
    keyId,
  }
}

async function openInStore(
  needs: PasscodeNeeds,
  { challengeId, expiresAtMs }: Challenge,
  target: Target,
): Promise<void> {
  await needs.store.open(challengeId, expiresAtMs)
  const state = target.typed ? 'unknown' : 'sending'
  await needs.store.setDelivery(challengeId, { state, atMs: needs.clock(), reason: '' })
}

async function answerTo(
  box: TokenBox,
  challenge: Challenge,
  { secret }: RingKey,
): Promise<PasscodeAnswer> {
  return {
    id: publicChallengeId(secret, challenge.challengeId, challenge.browser),
    challenge: await sealChallenge(box, challenge),
    reference: referenceCode(secret, challenge.challengeId),
    expiresAtMs: challenge.expiresAtMs,
    masked: maskAddress(challenge.address),
    triesLeft: PASSCODE_TRIES,
  }
}

/** Runs after the answer: derives the code, hands it to the relay, notes what the relay said. */
async function mail(
  needs: PasscodeNeeds,
  wish: PasscodeWish,
  challenge: Challenge,
  target: Target,
  { secret }: RingKey,
): Promise<void> {
  if (!challenge.real) return
  const delivered = await needs.send({
    to: challenge.address,
    code: derivePasscode(secret, challenge),
    reference: referenceCode(secret, challenge.challengeId),
    organisationId: challenge.organisationId,
    expiresAtMs: challenge.expiresAtMs,
    locale: wish.locale,
  })
  if (target.typed) return
  await needs.store.setDelivery(challenge.challengeId, { ...delivered, atMs: needs.clock() })
}

function mailDelayMs(needs: PasscodeNeeds): number {
  const [random = 0] = needs.randomBytes(1)
  return MAIL_DELAY_MS.least + Math.floor((random / 256) * MAIL_DELAY_MS.spread)
}

async function verify(
  needs: PasscodeNeeds,
  box: TokenBox,
  token: string,
  typed: string,
  binding: string | null,
): Promise<PasscodeVerified> {
  const challenge = await openChallenge(box, token)
  if (challenge === null) return { ok: false, code: 'bad-request' }
  const isThisBrowser = binding !== null && sameText(bindingHash(binding), challenge.browser)
  if (!isThisBrowser || challenge.expiresAtMs <= needs.clock())
    return { ok: false, code: 'passcode-expired' }
  const code = normaliseCode(typed)
  if (code === null) return { ok: false, code: 'wrong-passcode' }
  const key = await needs.ring.find(challenge.keyId)
  if (key === undefined) return { ok: false, code: 'passcode-expired' }
  return compare(needs, challenge, derivePasscode(key.secret, challenge), code)
}

/** Counts first, compares then: 1,000 requests at once get five comparisons. threats.md */
async function compare(
  needs: PasscodeNeeds,
  challenge: Challenge,
  right: string,
  typed: string,
): Promise<PasscodeVerified> {
  const tries = await needs.store.countTry(challenge.challengeId, needs.clock())
  if (tries === undefined) return { ok: false, code: 'passcode-used' }
  if (tries > PASSCODE_TRIES) return { ok: false, code: 'wrong-passcode', triesLeft: 0 }
  if (!sameText(typed, right) || !challenge.real)
    return { ok: false, code: 'wrong-passcode', triesLeft: PASSCODE_TRIES - tries }
  const first = await needs.store.use(challenge.challengeId)
  return first
    ? { ok: true, proof: proofOf(challenge, needs.clock()) }
    : { ok: false, code: 'passcode-used' }
}

function proofOf(challenge: Challenge, nowMs: number): Proof {
  return {
    organisationId: challenge.organisationId,
    address: challenge.address,
    method: 'passcode',
    assurance: 'mailbox',
    provenAtMs: nowMs,
  }
}
