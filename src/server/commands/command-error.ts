/** Something went wrong: one line that says what, and what to do. Status 1. contract.md, Program */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** The command line itself is wrong. Status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
