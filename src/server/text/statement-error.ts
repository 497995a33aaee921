/** A statement file that does not keep to its form; the message says where, and what to do. */
export class StatementError extends Error {
  override readonly name = 'StatementError'
  readonly code = 'statement-malformed'

  /** @param line counted from 1 */
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
  }
}
