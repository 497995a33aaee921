import { parseShare } from '../../core/envelope/share.ts'
import { HANDED } from './handed.ts'
import { readEntry, withTable } from './envelope-table.ts'
import { carryToReader } from './open-message.ts'
import type { PickReason } from './pick-reason.ts'

/** What the service worker may say instead of an id. */
const REFUSALS = [
  'not-a-message',
  'damaged-message',
  'unknown-version',
  'unknown-stanza',
  'too-large',
  'storage-blocked',
] as const satisfies readonly PickReason[]

/**
 * Goes on with the message that the service worker took in for this page.
 * @param address of the page: `/open?handed=ID#SHARE`
 * @param nowMs milliseconds since 1970
 */
export async function takeHanded(
  { search, hash }: Pick<Location, 'search' | 'hash'>,
  nowMs: number,
): Promise<PickReason | 'gone-on'> {
  const handed = new URLSearchParams(search).get(HANDED) ?? ''
  const refusal = REFUSALS.find(code => code === handed)
  if (refusal !== undefined) return refusal
  const entry = await readEntry(handed).catch(() => undefined)
  if (entry === undefined) return 'message-lost'
  await withTable('readwrite', store => store.delete(handed)).catch(() => undefined) // swept later
  const share = parseShare(hash)
  if (share === null) return 'share-missing'
  const { ageFile, signature, stanza } = entry
  const message = { ageFile: asBlob(ageFile), signature, stanza, share }
  return (await carryToReader(message, nowMs)) ? 'gone-on' : 'storage-blocked'
}

function asBlob(ageFile: Blob | ArrayBuffer): Blob {
  return ageFile instanceof Blob ? ageFile : new Blob([ageFile])
}
