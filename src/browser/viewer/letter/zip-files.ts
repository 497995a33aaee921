import { Zip, ZipPassThrough } from 'fflate'

export interface ZipEntry {
  readonly name: string
  readonly bytes: Blob
}

/**
 * Packs files into one zip, stored: most of them are compressed already. One after the other and never as properties
 * of an object: `__proto__` is a file name too.
 */
export async function zipFiles(entries: readonly ZipEntry[]): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error
    parts.push(piece)
  })
  for (const { name, bytes } of entries) {
    const file = new ZipPassThrough(name)
    zip.add(file)
    file.push(new Uint8Array(await bytes.arrayBuffer()), true)
  }
  zip.end()
  return new Blob(parts)
}
