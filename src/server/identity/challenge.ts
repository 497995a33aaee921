import { parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import { integer, flag, object, parseShape, text } from '../../core/api/shape.ts'
import type { PasscodeSubject } from './derive-passcode.ts'
import type { TokenBox } from './sealed-token.ts'

/** A passcode that was asked for; sealed, it travels with the browser, so that nothing of it is stored. */
export interface Challenge extends PasscodeSubject {
  /** False for a typed address that is no recipient: no code is mailed, and none is right. */
  readonly real: boolean
  /** Id of the key that its code and its names are derived with. */
  readonly keyId: string
}

interface SealedChallenge {
  readonly id: string
  readonly key: string
  readonly organisation: string
  readonly address: string
  readonly expires: number
  readonly browser: string
  readonly real: boolean
}

const shape = object<SealedChallenge>({
  id: text({ max: 64 }),
  key: text({ max: 64 }),
  organisation: text({ max: 64 }),
  address: text({ max: 320 }),
  expires: integer(),
  browser: text({ max: 64 }),
  real: flag,
})

export async function sealChallenge(box: TokenBox, challenge: Challenge): Promise<string> {
  const sealed: SealedChallenge = {
    id: challenge.challengeId,
    key: challenge.keyId,
    organisation: challenge.organisationId,
    address: challenge.address,
    expires: challenge.expiresAtMs,
    browser: challenge.browser,
    real: challenge.real,
  }
  // The length must not tell `true` from `false`.
  const padding = challenge.real ? ' ' : ''
  return box.seal(JSON.stringify(sealed) + padding)
}

/** Null when it was not sealed here. */
export async function openChallenge(box: TokenBox, token: string): Promise<Challenge | null> {
  const opened = await box.open(token)
  if (typeof opened !== 'string') return null
  const parsed = parseShape(shape, JSON.parse(opened))
  if (!parsed.ok) return null
  const address: Address | null = parseAddress(parsed.value.address)
  if (address === null) return null
  const { id, key, organisation, expires, browser, real } = parsed.value
  return {
    challengeId: id,
    keyId: key,
    organisationId: organisation,
    address,
    expiresAtMs: expires,
    browser,
    real,
  }
}
