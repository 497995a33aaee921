import { UsageError } from './command-error.ts'
import type { Option } from './command.ts'

/** More rows than that are for a program that asks the database itself. */
const maxLimit = 100_000

export const limitOption = {
  type: 'string',
  value: 'COUNT',
  help: 'how many (default: 50)',
} as const satisfies Option

/** @throws UsageError */
export function readLimit(text = '50'): number {
  const limit = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(limit <= maxLimit)) throw new UsageError(`--limit: write a number from 1 to ${maxLimit}`)
  return limit
}
