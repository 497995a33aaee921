import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Every file below a folder, by its path from there. A file that goes while it is looked for is left out. */
export async function filesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  const read = paths.map(async path => {
    const bytes = await readFile(path).catch(() => undefined)
    return bytes === undefined ? [] : [[relative(folder, path), bytes] as const]
  })
  return new Map((await Promise.all(read)).flat())
}
