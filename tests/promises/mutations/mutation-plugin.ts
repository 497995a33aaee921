import type { Plugin } from 'vite'
import { currentMutation } from './current-mutation.ts'
import { mutated } from './mutation.ts'

/** The mutation of this run in what a test loads into its own process; undefined in an ordinary run. */
export function mutationPlugin(): Plugin | undefined {
  const mutation = currentMutation()
  if (mutation === undefined) return undefined
  return {
    name: 'zegel-promises-mutation',
    enforce: 'pre',
    transform(code, id) {
      const changed = mutated(mutation, id.replace(/\?.*$/, ''), code)
      return changed === undefined ? undefined : { code: changed, map: null }
    },
  }
}
