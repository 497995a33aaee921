/** Stable codes of problem details (RFC 9457); the page translates them. protocol.md §4 */
export const PROBLEM_CODES = [
  'sign-in-required',
  'not-a-recipient',
  'expired',
  'revoked',
  'assurance-too-low',
  'unknown-key',
  'bad-envelope',
  'rate-limited',
  'bad-request',
  'cross-site',
  'wrong-host',
  'not-found',
  'method-not-allowed',
  'too-large',
  'too-slow',
  'busy',
  'wrong-passcode',
  'passcode-expired',
  'passcode-used',
  'passkey-refused',
  'account-changed',
  'internal',
] as const

export type ProblemCode = (typeof PROBLEM_CODES)[number]
