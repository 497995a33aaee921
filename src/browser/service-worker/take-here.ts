import { SHARED_FIELD, SHARED_PATH } from '../../core/api/shared-file.ts'
import { readPostedEnvelope } from '../../core/envelope/posted-envelope.ts'
import { formatShare } from '../../core/envelope/share.ts'
import { writeEntry } from '../opener/envelope-table.ts'
import { ENVELOPE_BLOCK, HANDED_BLOCK } from '../opener/posted-block.ts'
import { takeFile } from '../opener/take-file.ts'
import type { TakeInAnswer, TakenMessage } from '../opener/taken-message.ts'

export interface TakeHereNeeds {
  /** The browser's. */
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/**
 * Answers a navigation that brings a message with the portal's own page for it, fresh from the portal,
 * and the message in it as the portal would put it there. Null for every other request.
 */
export function takeHere(request: Request, needs: TakeHereNeeds): Promise<Response> | null {
  // A page within a page brings nothing: the portal's are never drawn there.
  if (request.method !== 'POST' || request.destination !== 'document') return null
  const { pathname } = new URL(request.url)
  if (pathname === '/open') return takePostedHere(request, needs)
  if (pathname === SHARED_PATH) return takeSharedHere(request, needs)
  return null
}

/** The share stays in the fragment, where it was. What cannot be taken here goes its usual way. */
async function takePostedHere(request: Request, { fetch }: TakeHereNeeds): Promise<Response> {
  const untouched = request.clone()
  try {
    const page = readerPage(request, fetch)
    const { envelope, signature } = readPostedEnvelope(new Uint8Array(await request.arrayBuffer()))
    // Both are base64 by now: nothing in them ends the element.
    const start = `<script type="application/octet-stream" id="${ENVELOPE_BLOCK}" data-signature="${signature}">`
    return await withBlock(await page, [start, Uint8Array.from(envelope), '</script>'])
  } catch {
    // Not a message, or no page for it: the portal knows what to say then.
  }
  return fetch(untouched)
}

/**
 * A file that another app shared. It may be large, so it waits in the database and not in the page; its
 * share waits in the page alone. Nothing of it goes to the portal, whatever happens.
 */
async function takeSharedHere(request: Request, needs: TakeHereNeeds): Promise<Response> {
  const page = readerPage(request, needs.fetch)
  const taken = await readShared(request)
  const handed = taken.ok ? await leave(taken.message, needs.clock()) : taken.code
  const share = taken.ok && taken.message.share !== null ? formatShare(taken.message.share) : ''
  // Without `<`: an id or a code, and base64.
  const json = JSON.stringify({ handed, share })
  const block = `<script type="application/json" id="${HANDED_BLOCK}">${json}</script>`
  return withBlock(await page, [block]).catch(() => Response.error())
}

async function readShared(request: Request): Promise<TakeInAnswer> {
  const file = (await request.formData().catch(() => null))?.get(SHARED_FIELD)
  return file instanceof Blob ? takeFile(file) : { ok: false, code: 'not-a-message' }
}

/** The id under which it waits, or why it does not: blocked or full. */
async function leave(message: TakenMessage, nowMs: number): Promise<string> {
  const id = crypto.randomUUID()
  const { ageFile, signature, stanza } = message
  const written = writeEntry(id, { ageFile, signature, stanza, touchedAtMs: nowMs })
  return written.then(
    () => id,
    () => 'storage-blocked',
  )
}

/** Null where the portal does not answer with that page, or another host does. */
async function readerPage(
  request: Request,
  fetch: TakeHereNeeds['fetch'],
): Promise<Response | null> {
  const page = await fetch(new URL('/read', request.url)).catch(() => null)
  return page?.ok === true && !page.redirected ? page : null
}

/** Something stands behind the block, as behind the portal's own. @throws when there is no page */
async function withBlock(page: Response | null, block: readonly BlobPart[]): Promise<Response> {
  if (page === null) throw new Error('no page')
  const headers = new Headers(page.headers)
  // They tell how the page came, not how it is handed on.
  for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name)
  const whole = new Blob([await page.blob(), ...block, '<span hidden></span>'])
  return new Response(whole, { headers })
}
