import { integer, object, oneOf, parseShape, text } from '../../core/api/shape.ts'
import type { RateStore } from '../store/store.ts'
import { keyedHash, sameText } from './keyed-hash.ts'
import { PASSKEY_CEREMONY_MS } from './limits.ts'
import { createTokenBox } from './sealed-token.ts'
import type { TokenBox } from './sealed-token.ts'
import type { SecretRing } from './secret-ring.ts'

/** A question to an authenticator that waits for its answer; sealed, it travels with the browser. */
export interface PasskeyCeremony {
  readonly kind: 'make' | 'sign-in'
  /** 32 random bytes, base64url. */
  readonly challenge: string
  /** What it is bound to: the session that makes a passkey, or the browser that signs in. */
  readonly boundTo: string
  /** The address, for `make`; else empty. */
  readonly address: string
  readonly beganAtMs: number
}

const shape = object<PasskeyCeremony>({
  kind: oneOf('make', 'sign-in'),
  challenge: text({ max: 64 }),
  boundTo: text({ max: 64 }),
  address: text({ max: 320 }),
  beganAtMs: integer(),
})

export interface PasskeyCeremonies {
  begin(
    ceremony: Pick<PasskeyCeremony, 'kind' | 'boundTo' | 'address'>,
  ): Promise<{ readonly token: string; readonly challenge: string }>
  /** The ceremony that a token seals; null when it is another's, too old, or was ended before. */
  end(
    token: string,
    kind: PasskeyCeremony['kind'],
    boundTo: string,
  ): Promise<PasskeyCeremony | null>
}

export interface CeremonyNeeds {
  readonly ring: SecretRing
  /** Lets each ceremony end once, on all nodes. */
  readonly rates: Pick<RateStore, 'take'>
  /** Key of the names under which ended ceremonies are counted. */
  readonly secret: Uint8Array
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
}

export function createPasskeyCeremonies(needs: CeremonyNeeds): PasskeyCeremonies {
  const box = createTokenBox(needs.ring, 'passkey')
  return {
    async begin(ceremony) {
      const challenge = Buffer.from(needs.randomBytes(32)).toString('base64url')
      const token = await box.seal({ ...ceremony, challenge, beganAtMs: needs.clock() })
      return { token, challenge }
    },
    async end(token, kind, boundTo) {
      const ceremony = await openCeremony(box, token)
      if (ceremony === null || ceremony.kind !== kind) return null
      if (!sameText(ceremony.boundTo, boundTo)) return null
      return (await isFirstEnd(needs, ceremony)) ? ceremony : null
    },
  }
}

async function openCeremony(box: TokenBox, token: string): Promise<PasskeyCeremony | null> {
  const parsed = parseShape(shape, await box.open(token))
  return parsed.ok ? parsed.value : null
}

/** Within its time, and for the first of all that ask. */
async function isFirstEnd(
  { rates, secret, clock }: CeremonyNeeds,
  { challenge, beganAtMs }: PasskeyCeremony,
): Promise<boolean> {
  const endsAtMs = beganAtMs + PASSKEY_CEREMONY_MS
  if (clock() >= endsAtMs) return false
  const key = keyedHash(secret, 'zegel passkey ceremony', challenge).toString('base64url')
  return (await rates.take(key, beganAtMs, endsAtMs)) === 1
}
