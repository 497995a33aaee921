import type { PickReason } from './pick-reason.ts'
import type { KeptMessage } from './tab-store.ts'

/** What came with a page: a message, or why there is none and the page asks for the file. */
export type Brought =
  | { readonly ok: true; readonly message: KeptMessage }
  | { readonly ok: false; readonly reason: PickReason }
