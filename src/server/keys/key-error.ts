export type KeyErrorCode =
  | 'bad-root-key'
  | 'wrong-root-key'
  | 'altered-key'
  | 'already-there'
  | 'no-trusted-portal'
  | 'untrusted-portal'
  | 'untrusted-sealing-key'
  | 'no-sealing-key'
  | 'no-trusted-gateway'
  | 'untrusted-gateway'
  | 'unknown-organisation'

/** The message is one line: what is wrong and what to do. It never holds a key. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
  readonly code: KeyErrorCode

  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
