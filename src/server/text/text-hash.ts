import { createHash } from 'node:crypto'

/** What the header of a statement file names its text by; blank lines and the form of line ends do not count. */
export function textHash(body: string): string {
  const text = body
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .join('\n')
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
