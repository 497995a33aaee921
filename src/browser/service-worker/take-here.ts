import { SHARED_FIELD, SHARED_PATH } from '../../core/api/shared-file.ts'
import { readPostedEnvelope } from '../../core/envelope/posted-envelope.ts'
import { formatShare } from '../../core/envelope/share.ts'
import { HANDED } from '../opener/handed.ts'
import { writeEntry } from '../opener/envelope-table.ts'
import { takeFile } from '../opener/take-file.ts'
import { takePosted } from '../opener/taken-message.ts'
import type { TakeInAnswer, TakenMessage } from '../opener/taken-message.ts'

/**
 * Answers a navigation that brings a message: it is left in this browser's database, and the tab
 * goes on to the page that takes it from there. Null for every other request.
 * @param clock milliseconds since 1970
 */
export function takeHere(request: Request, clock: () => number): Promise<Response> | null {
  // A page within a page brings nothing: the portal's are never drawn there.
  if (request.method !== 'POST' || request.destination !== 'document') return null
  const { pathname } = new URL(request.url)
  if (pathname === '/open') return takePostedHere(request, clock)
  if (pathname === SHARED_PATH) return takeSharedHere(request, clock)
  return null
}

/** The share stays in the fragment, where it was. What cannot be taken here goes its usual way. */
async function takePostedHere(request: Request, clock: () => number): Promise<Response> {
  const untouched = request.clone()
  try {
    const body = new Uint8Array(await request.arrayBuffer())
    const { envelope, signature } = readPostedEnvelope(body)
    const taken = await takePosted({ envelope: new TextDecoder().decode(envelope), signature })
    if (taken.ok) return goOn(new URL(request.url), await leave(taken.message, clock()))
  } catch {
    // Not a message, or no database that takes it: the portal's page knows what to say then.
  }
  return fetch(untouched)
}

/** A file that another app shared: its share goes into the fragment, where the button would have put it. */
async function takeSharedHere(request: Request, clock: () => number): Promise<Response> {
  const page = new URL('/open', request.url)
  const taken = await readShared(request)
  if (!taken.ok) return goOn(page, taken.code)
  const { share } = taken.message
  if (share !== null) page.hash = formatShare(share)
  try {
    return goOn(page, await leave(taken.message, clock()))
  } catch {
    return goOn(page, 'storage-blocked')
  }
}

async function readShared(request: Request): Promise<TakeInAnswer> {
  const file = (await request.formData().catch(() => null))?.get(SHARED_FIELD)
  return file instanceof Blob ? takeFile(file) : { ok: false, code: 'not-a-message' }
}

/** @throws what IndexedDB throws */
async function leave(message: TakenMessage, nowMs: number): Promise<string> {
  const id = crypto.randomUUID()
  const { ageFile, signature, stanza } = message
  await writeEntry(id, { ageFile, signature, stanza, touchedAtMs: nowMs })
  return id
}

function goOn(page: URL, handed: string): Response {
  page.searchParams.set(HANDED, handed)
  return Response.redirect(page, 303)
}
