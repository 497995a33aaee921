import { parseShare } from '../../core/envelope/share.ts'
import type { Brought } from './brought.ts'
import { readEntry, withTable } from './envelope-table.ts'
import type { PickReason } from './pick-reason.ts'
import { HANDED_BLOCK, takeBlock } from './posted-block.ts'

/** What the service worker may say instead of an id. */
const REFUSALS = [
  'not-a-message',
  'damaged-message',
  'unknown-version',
  'unknown-stanza',
  'too-large',
  'storage-blocked',
] as const satisfies readonly PickReason[]

/** The message that the service worker left in this browser's database for this page; its share stands in the page alone. */
export async function takeHanded(page: Document): Promise<Brought> {
  const block = await takeBlock(page, HANDED_BLOCK)
  const { handed, share: fragment } = parse(block?.textContent ?? '')
  const refusal = REFUSALS.find(code => code === handed)
  if (refusal !== undefined) return { ok: false, reason: refusal }
  const entry = await readEntry(handed).catch(() => undefined)
  if (entry === undefined) return { ok: false, reason: 'message-lost' }
  await withTable('readwrite', store => store.delete(handed)).catch(() => undefined) // swept later
  const share = parseShare(fragment)
  if (share === null) return { ok: false, reason: 'share-missing' }
  const { signature, stanza } = entry
  const ageFile = entry.ageFile instanceof Blob ? entry.ageFile : new Blob([entry.ageFile])
  return { ok: true, message: { ageFile, signature, stanza, share } }
}

/** Empty texts for what is not there. */
function parse(json: string): { readonly handed: string; readonly share: string } {
  const value: unknown = json === '' ? null : JSON.parse(json)
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  return { handed: textOf(fields['handed']), share: textOf(fields['share']) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
