import type { OpenRefusal } from './open-message.ts'

/** Why the page asks for the file. */
export type PickReason = OpenRefusal | 'asked' | 'large' | 'storage-blocked' | 'message-lost'
