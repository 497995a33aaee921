import { mutations } from './mutations.ts'
import { mutationVariable } from './mutation.ts'
import type { Mutation } from './mutation.ts'

/** That of this run. @throws Error when there is none of that name */
export function currentMutation(): Mutation | undefined {
  const id = process.env[mutationVariable] ?? ''
  if (id === '') return undefined
  const found = mutations.find(mutation => mutation.id === id)
  if (found === undefined) throw new Error(`there is no mutation ${id}`)
  return found
}
