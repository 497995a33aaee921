import { createHash } from 'node:crypto'

/** Bytes of a binding; it has no content, it only makes a browser the same browser again. */
export const BINDING_BYTES = 16

export function newBinding(randomBytes: (length: number) => Uint8Array): string {
  return Buffer.from(randomBytes(BINDING_BYTES)).toString('base64url')
}

/** True for a value that we could have set. */
export function isBinding(value: string): boolean {
  return /^[A-Za-z0-9_-]{21}[AQgw]$/.test(value)
}

/** What stands for a browser in challenges and codes: not the cookie itself. */
export function bindingHash(binding: string): string {
  return createHash('sha256').update('zegel browser\0').update(binding).digest('base64url')
}
