export type StoreErrorCode =
  | 'unsupported-url'
  | 'newer-schema'
  | 'busy'
  | 'unreachable'
  | 'refused'
  | 'not-ours'
  | 'not-a-backup'
  | 'no-folder'
  | 'already-there'
  | 'in-use'
  | 'bad-id'

/** The message is one line: what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
