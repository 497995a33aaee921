import { messageMutations } from './message-mutations.ts'
import type { Mutation } from './mutation.ts'
import { peopleMutations } from './people-mutations.ts'

/** Each promise broken once. `npm run promises -- --mutations` runs the test that sees it, and it must fail. */
export const mutations: readonly Mutation[] = [...messageMutations, ...peopleMutations]
