import { wholeMemory } from './process-memory.ts'
import { formsOf } from './secret-forms.ts'

export type Secrets = ReadonlyMap<string, Uint8Array>

/** Names of the secrets that lie in these bytes, in any form. */
export function found(secrets: Secrets, bytes: Buffer): readonly string[] {
  const here = (secret: Uint8Array) => formsOf(secret).some(form => bytes.includes(form))
  return [...secrets].filter(([, secret]) => here(secret)).map(([name]) => name)
}

/** Names of those that lie in any byte of a process, also in what it has given back; Linux. */
export async function foundAnywhere(secrets: Secrets, pid: number): Promise<readonly string[]> {
  const names = new Set<string>()
  for await (const piece of wholeMemory(pid))
    for (const name of found(secrets, piece)) names.add(name)
  return [...secrets.keys()].filter(name => names.has(name))
}
