import { StoreError } from './store-error.ts'

/** PostgreSQL's codes, by what the operator can do. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REFUSED = new Set(['28000', '28P01', '3D000', '42501', '25006'])
const BUSY = new Set(['53300', '53200', '55P03', '57014'])
const RETRY = new Set(['40001', '40P01'])
const TABLE_EXISTS = '42P07'

/** True when the transaction was given up in favour of another and can be tried again. */
export const isConflict = (error: unknown): boolean => RETRY.has(codeOf(error))

/** True when the connection is of no further use. */
export const isBroken = (error: unknown): boolean =>
  error instanceof StoreError && error.code === 'unreachable'

/** What went wrong, in words for the operator; anything else is a fault of ours and stays as it is. */
export function explainPostgresError(cause: unknown): unknown {
  const code = codeOf(cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  if (REFUSED.has(code)) return refused(message, cause)
  if (BUSY.has(code))
    return new StoreError('busy', `the database is busy: ${message}: try again`, { cause })
  if (code === TABLE_EXISTS)
    return new StoreError(
      'not-ours',
      `store.url names a database with tables of another program: give zegel its own (${message})`,
      { cause },
    )
  return isFromServer(cause) && !isShuttingDown(code) ? cause : unreachable(code || message, cause)
}

const refused = (message: string, cause: unknown): StoreError =>
  new StoreError('refused', `store.url: the database refuses: ${message}`, { cause })

const unreachable = (what: string, cause: unknown): StoreError =>
  new StoreError(
    'unreachable',
    `the database does not answer (${what}): is it running, and is store.url right?`,
    { cause },
  )

/** Starting, stopping, or the connection is lost: classes 57P and 08. */
const isShuttingDown = (code: string): boolean => /^(57P|08)/.test(code)

/** The driver gives the server's words a severity; what has none happened on the way. */
const isFromServer = (error: unknown): boolean => error instanceof Error && 'severity' in error

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
