import { StoreError } from './store-error.ts'

const TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/

/**
 * A message id as it is stored: 16 bytes instead of 22 characters.
 *
 * @throws StoreError `bad-id` when it is not base64url of 16 bytes
 */
export function messageIdToBytes(messageId: string): Uint8Array {
  if (!TEXT.test(messageId))
    throw new StoreError('bad-id', 'a message id is 16 bytes, written as 22 base64url characters')
  return new Uint8Array(Buffer.from(messageId, 'base64url'))
}

export function messageIdFromBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
