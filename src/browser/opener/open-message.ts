import { parseShare } from '../../core/envelope/share.ts'
import { keepMessage, sweepLeftovers } from './tab-store.ts'
import type { KeptMessage } from './tab-store.ts'
import type { EnvelopeErrorCode } from '../../core/envelope/errors.ts'
import type { TakeInAnswer } from './taken-message.ts'

export type OpenRefusal = EnvelopeErrorCode | 'share-missing' | 'worker-failed'

export type Opened =
  | { readonly ok: true; readonly message: KeptMessage }
  | { readonly ok: false; readonly code: OpenRefusal }

/**
 * Takes a message in: reads it, and joins it with the share, which stands in the file itself or in
 * the fragment of the page's address, where no server has seen it. protocol.md §2
 * @param read the posted envelope or the picked file
 */
export async function openMessage(
  read: () => Promise<TakeInAnswer>,
  fragment: string,
): Promise<Opened> {
  const taken = await read().catch(workerFailed)
  if (!taken.ok) return taken
  const share = taken.message.share ?? parseShare(fragment)
  if (share === null) return { ok: false, code: 'share-missing' }
  return { ok: true, message: { ...taken.message, share } }
}

function workerFailed(): { ok: false; code: 'worker-failed' } {
  return { ok: false, code: 'worker-failed' }
}

/**
 * Leaves the message in this tab's storage and goes on to the reader.
 * @returns false when the browser keeps nothing between two pages; the caller then goes on without it
 */
export async function carryToReader(message: KeptMessage, nowMs: number): Promise<boolean> {
  const kept = await keepMessage(message, nowMs)
  if (!kept) return false
  await sweepLeftovers(nowMs).catch(() => undefined) // an untidy store must not keep a letter shut
  location.replace('/read')
  return true
}
