import { createHash } from 'node:crypto'
import { integer, flag, object, oneOf, parseShape, text } from '../../../core/api/shape.ts'
import type { SignInPage } from '../../../core/api/sign-in-results.ts'
import type { TokenBox } from '../sealed-token.ts'

/**
 * A sign-in that is on its way through a provider. Sealed, it waits in a cookie of its own, so that
 * several tabs can be on their way at once; nothing of it is stored.
 */
export interface Transaction {
  readonly provider: string
  readonly organisationId: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Hash of the browser's binding cookie. */
  readonly browser: string
  readonly privateComputer: boolean
  readonly page: SignInPage
  readonly startedAtMs: number
}

const shape = object<Transaction>({
  provider: text({ max: 32 }),
  organisationId: text({ max: 64 }),
  state: text({ max: 64 }),
  nonce: text({ max: 64 }),
  codeVerifier: text({ max: 64 }),
  browser: text({ max: 64 }),
  privateComputer: flag,
  page: oneOf('read', 'associations'),
  startedAtMs: integer(),
})

export function sealTransaction(box: TokenBox, transaction: Transaction): Promise<string> {
  return box.seal(transaction)
}

/** Null when it was not sealed here. */
export async function openTransaction(box: TokenBox, token: string): Promise<Transaction | null> {
  const parsed = parseShape(shape, await box.open(token))
  return parsed.ok ? parsed.value : null
}

/**
 * Names a transaction where it may be seen: in the name of its cookie, in the count of its uses. The state
 * itself is 32 random bytes, so nobody finds it by its hash.
 */
export function transactionName(state: string): string {
  const hash = createHash('sha256').update('zegel sign-in\0').update(state).digest()
  return hash.toString('base64url', 0, 12)
}
