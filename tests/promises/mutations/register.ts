// Loaded into a process before its own code (`--import`): changes the source of the program as the mutation of this run says.
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { currentMutation } from './current-mutation.ts'
import { mutated } from './mutation.ts'

const mutation = currentMutation()

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (mutation === undefined || !url.startsWith('file:')) return loaded
    const { source } = loaded
    if (source === undefined || source === null) return loaded
    const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString()
    const changed = mutated(mutation, fileURLToPath(url), text)
    return changed === undefined ? loaded : { ...loaded, source: changed }
  },
})
