import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { MAX_LOGO_BYTES } from './limits.ts'

export interface Logo {
  readonly type: 'png' | 'svg'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** An image file that cannot be used as a logo. */
export class LogoError extends Error {
  override readonly name = 'LogoError'
  readonly code = 'logo-too-large'
}

/** The one limit for every place that shows a logo. @throws LogoError, and what reading the file throws */
export async function readLogo(path: string): Promise<Logo> {
  const bytes = new Uint8Array(await readFile(path))
  if (bytes.length > MAX_LOGO_BYTES)
    throw new LogoError(
      `logo: ${path} has ${bytes.length} bytes and may have ${MAX_LOGO_BYTES}, because it stands in every mail: make the image smaller`,
    )
  return { type: extname(path).toLowerCase() === '.svg' ? 'svg' : 'png', bytes }
}
