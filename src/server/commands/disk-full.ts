import { CommandError } from './command-error.ts'

/** SQLITE_FULL, https://sqlite.org/rescode.html#full */
const sqliteFull = 13

/** Advice when a full disk is the cause; undefined when it is not, or the error says so itself. */
export function adviceOnFullDisk(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof CommandError) return undefined
  const isFull =
    ('code' in error && error.code === 'ENOSPC') ||
    ('errcode' in error && error.errcode === sqliteFull)
  return isFull ? 'the disk is full: make room, then try again' : adviceOnFullDisk(error.cause)
}
