/**
 * What a page may count by `POST /api/usage`: a closed list, so that nothing about a person or a
 * message can be written into the counts. The first ones are those of `core/envelope`.
 */
export const PAGE_ERROR_CODES = [
  'not-a-message',
  'damaged-message',
  'unknown-version',
  'unknown-stanza',
  'too-large',
  'wrong-key',
  'altered-content',
  'bad-signature',
  'bad-record',
  'cannot-unwrap',
  'share-missing',
  'storage-blocked',
  'message-lost',
  'worker-failed',
  'parse-failed',
  'offline',
  'portal-error',
  'script-error',
] as const

export type PageErrorCode = (typeof PAGE_ERROR_CODES)[number]
