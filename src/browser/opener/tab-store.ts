import { formatShare, parseShare } from '../../core/envelope/share.ts'
import { readEntry, withTable, writeEntry } from './envelope-table.ts'
import type { TakenMessage } from './taken-message.ts'

/**
 * Where a message waits between two pages: the share in sessionStorage, the ciphertext in IndexedDB
 * under a random id of this tab, so that it survives a reload, a redirect and a dropped tab.
 * protocol.md §2
 */

/** A message with both of what it needs from the mail: its ciphertext and its share. */
export interface KeptMessage extends TakenMessage {
  readonly share: Uint8Array<ArrayBuffer>
}

/** A message that no tab has touched for this long is deleted at the next visit. */
export const leftoverAfterMs = 60 * 60 * 1000

const idKey = 'zegel.id'
/** Between a message's id and the name of what is kept with it. */
const belongs = '/'
const shareKey = 'zegel.share'

/** True when the message will be there after a reload; false when this browser keeps nothing. */
export async function keepMessage(message: KeptMessage, nowMs: number): Promise<boolean> {
  try {
    await forgetMessage()
    const id = crypto.randomUUID()
    const { ageFile, signature, stanza } = message
    await writeEntry(id, { ageFile, signature, stanza, touchedAtMs: nowMs })
    sessionStorage.setItem(idKey, id)
    sessionStorage.setItem(shareKey, formatShare(message.share))
    return true
  } catch {
    return false // private window, blocked or full storage
  }
}

export type LoadedMessage =
  | { readonly ok: true; readonly message: KeptMessage }
  /** `message-evicted`: this tab kept one, and another tab's sign-out or the browser has deleted it. */
  | { readonly ok: false; readonly reason: 'message-lost' | 'message-evicted' }

/** The message of this tab. */
export async function loadMessage(): Promise<LoadedMessage> {
  const key = keptKey()
  if (key === null) return { ok: false, reason: 'message-lost' }
  const entry = await readEntry(key.id).catch(() => undefined)
  if (entry === undefined) return { ok: false, reason: 'message-evicted' }
  const { signature, stanza } = entry
  const ageFile = entry.ageFile instanceof Blob ? entry.ageFile : new Blob([entry.ageFile])
  return { ok: true, message: { ageFile, signature, stanza, share: key.share } }
}

/** Null when this tab keeps none, or sessionStorage is blocked. */
function keptKey(): { id: string; share: Uint8Array<ArrayBuffer> } | null {
  try {
    const id = sessionStorage.getItem(idKey)
    const share = parseShare(sessionStorage.getItem(shareKey) ?? '')
    return id === null || share === null ? null : { id, share }
  } catch {
    return null
  }
}

/** False when nothing that is kept here outlasts the page, as in some private windows. */
export async function keepsAnything(): Promise<boolean> {
  try {
    sessionStorage.setItem('zegel.try', '')
    sessionStorage.removeItem('zegel.try')
    await withTable('readwrite', store => store.delete(''))
    return true
  } catch {
    return false
  }
}

/** Says that this tab still has its message open. */
export async function touchMessage(nowMs: number): Promise<void> {
  const id = sessionStorage.getItem(idKey)
  if (id === null) return
  const entry = await readEntry(id)
  if (entry !== undefined) await writeEntry(id, { ...entry, touchedAtMs: nowMs })
}

/** The message of this tab and what is kept with it; each its own record, named `ID/NAME`. Null when it keeps none. */
export function tabId(): string | null {
  try {
    return sessionStorage.getItem(idKey)
  } catch {
    return null // storage is blocked
  }
}

/** Deletes the message of this tab; resolves also when there was none. */
export async function forgetMessage(): Promise<void> {
  const id = sessionStorage.getItem(idKey)
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith('zegel.')) sessionStorage.removeItem(key)
  if (id !== null)
    await withTable('readwrite', store => store.delete(IDBKeyRange.bound(id, `${id}0`))) // `0` follows `/`
}

/** Deletes the messages of all tabs: who signs out leaves nothing behind, nor in a tab that is elsewhere just now. */
export async function forgetAllMessages(): Promise<void> {
  await forgetMessage()
  await withTable('readwrite', store => store.clear())
}

/** Deletes what other tabs left behind; what is kept with a message goes with it. */
export async function sweepLeftovers(nowMs: number): Promise<void> {
  const own = sessionStorage.getItem(idKey)
  const keys = await withTable('readonly', store => store.getAllKeys())
  for (const key of keys) {
    const [id = ''] = (key as string).split(belongs)
    if (id === own) continue
    const entry = await readEntry(id)
    if (entry === undefined || nowMs - entry.touchedAtMs > leftoverAfterMs)
      await withTable('readwrite', store => store.delete(key))
  }
}
