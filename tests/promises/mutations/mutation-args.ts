import { fileURLToPath } from 'node:url'
import { mutationVariable } from './mutation.ts'

/** For the Node of a program that a test starts, so that it has the mutation of this run; none in an ordinary run. */
export function mutationArgs(): readonly string[] {
  if ((process.env[mutationVariable] ?? '') === '') return []
  return ['--import', fileURLToPath(new URL('register.ts', import.meta.url))]
}
