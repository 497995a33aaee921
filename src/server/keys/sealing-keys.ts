import type { Sign } from '../../core/envelope/record.ts'
import { generateSealingKeyPair } from '../crypto/mlkem768-x25519.ts'
import type { OrganisationKeyStore, StoredKey } from '../store/store.ts'
import { certify } from './certificate.ts'
import {
  EXPIRY_CLASSES,
  type ExpiryClass,
  endOfMonthMs,
  expiryClassOf,
  longestMs,
  monthOf,
} from './expiry-class.ts'
import { DESTROY_MARGIN_MS, MONTHS_AHEAD } from './limits.ts'
import { newStoredKey } from './own-keys.ts'
import type { RootKey } from './root-key.ts'

export interface SealingKeyMaker {
  readonly keys: OrganisationKeyStore
  readonly rootKey: RootKey
  /** The portal's certifying key. */
  readonly sign: Sign
}

/** Makes the keys of this month and the next ones that are missing. */
export async function ensureSealingKeys(
  maker: SealingKeyMaker,
  organisationId: string,
  nowMs: number,
): Promise<void> {
  const present = (await maker.keys.list(organisationId, 'sealing')).filter(
    key => key.retiredAtMs === null,
  )
  const missing = slotsFrom(nowMs).filter(
    slot => !present.some(key => key.month === slot.month && key.expiryClass === slot.expiryClass),
  )
  // In the same order on every node: those that make them at once wait for each other, never in a ring.
  await maker.keys.addMissing(
    missing.map(slot => newSealingKey(maker, { ...slot, organisationId, nowMs })),
  )
}

/** New keys from now on; what the old ones sealed stays readable until it expires. */
export async function rotateSealingKeys(
  maker: SealingKeyMaker,
  organisationId: string,
  nowMs: number,
): Promise<void> {
  for (const { month, expiryClass } of slotsFrom(nowMs))
    await maker.keys.replace(newSealingKey(maker, { organisationId, month, expiryClass, nowMs }))
}

interface Slot {
  readonly month: string
  readonly expiryClass: ExpiryClass
}

function slotsFrom(nowMs: number): readonly Slot[] {
  const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => monthOf(nowMs, ahead))
  return months.flatMap(month => EXPIRY_CLASSES.map(expiryClass => ({ month, expiryClass })))
}

function newSealingKey(
  { rootKey, sign }: SealingKeyMaker,
  slot: Slot & { readonly organisationId: string; readonly nowMs: number },
): StoredKey {
  const { organisationId, month, expiryClass, nowMs } = slot
  const key = newStoredKey(
    generateSealingKeyPair(),
    {
      organisationId,
      purpose: 'sealing',
      month,
      expiryClass,
      createdAtMs: nowMs,
      destroyAfterMs: lastExpiryMs(month, expiryClass),
    },
    rootKey,
  )
  return { ...key, certificate: certify(key, sign) }
}

/** When the last message of that month and class has expired; null: never. */
function lastExpiryMs(month: string, expiryClass: ExpiryClass): number | null {
  const longest = longestMs(expiryClass)
  return longest === null ? null : endOfMonthMs(month) + longest + DESTROY_MARGIN_MS
}

/** A message, as the journal knows it. */
export interface SealedMessage {
  readonly organisationId: string
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
}

/**
 * Keeps the keys that a message may be sealed with until its new expiry: those of its month, of the next one (a retry
 * over midnight) and of its class. False when one of them is destroyed already, so the message may stay closed.
 */
export async function keepSealingKeys(
  keys: OrganisationKeyStore,
  message: SealedMessage,
  expiresAtMs: number | null,
): Promise<boolean> {
  const expiryClass = expiryClassOf(message.expiresAtMs, message.createdAtMs)
  const months = new Set([monthOf(message.createdAtMs), monthOf(message.createdAtMs, 1)])
  const untilMs = expiresAtMs === null ? null : expiresAtMs + DESTROY_MARGIN_MS
  const candidates = (await keys.list(message.organisationId, 'sealing')).filter(
    key => key.expiryClass === expiryClass && months.has(key.month),
  )
  const kept = await Promise.all(candidates.map(key => keys.extendDestroyAfter(key.id, untilMs)))
  return kept.length > 0 && kept.every(Boolean)
}
