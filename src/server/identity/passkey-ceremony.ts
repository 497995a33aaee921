import { integer, object, oneOf, parseShape, text } from '../../core/api/shape.ts'
import type { TokenBox } from './sealed-token.ts'

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

export function sealCeremony(box: TokenBox, ceremony: PasskeyCeremony): Promise<string> {
  return box.seal(ceremony)
}

/** Null when it was not sealed here. */
export async function openCeremony(box: TokenBox, token: string): Promise<PasskeyCeremony | null> {
  const parsed = parseShape(shape, await box.open(token))
  return parsed.ok ? parsed.value : null
}
