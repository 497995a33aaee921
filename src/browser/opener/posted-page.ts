import { describeAnswer } from '../../core/api/answers.ts'
import type { DescribeAnswer } from '../../core/api/messages.ts'
import { SHARED_PATH } from '../../core/api/shared-file.ts'
import { parseShape } from '../../core/api/shape.ts'
import type { Brought } from './brought.ts'
import { openMessage } from './open-message.ts'
import { ENVELOPE_BLOCK, takeBlock } from './posted-block.ts'
import { takePostedQuietly } from './take-posted.ts'

/** A message that came with the reader's page itself. */
export interface PostedPage {
  /** What the portal says about it to who is not signed in; null where it has to be asked. */
  readonly description: DescribeAnswer | null
  /** Resolves when all of it is there. */
  readonly brought: Promise<Brought>
}

/** Null at the reader's own address, where nothing is posted to. protocol.md §2 */
export function readPostedPage(page: Document): PostedPage | null {
  const { pathname, hash } = page.location
  if (pathname === '/read') return null
  return {
    description: readDescription(page),
    brought: pathname === SHARED_PATH ? takeShared(page) : takePosted(page, hash),
  }
}

/** `<script type="application/json" id="description">`, before the script in the page. */
function readDescription(page: Document): DescribeAnswer | null {
  const json = page.getElementById('description')?.textContent
  const described = json === undefined ? null : parseShape(describeAnswer, JSON.parse(json))
  return described?.ok === true ? described.value : null
}

async function takePosted(page: Document, fragment: string): Promise<Brought> {
  const block = await takeBlock(page, ENVELOPE_BLOCK)
  if (block === null) return { ok: false, reason: 'message-lost' }
  const posted = {
    envelope: block.textContent.trim(),
    signature: block.dataset['signature'] ?? '',
  }
  const opened = await openMessage(() => takePostedQuietly(posted), fragment)
  return opened.ok ? opened : { ok: false, reason: opened.code }
}

async function takeShared(page: Document): Promise<Brought> {
  const module = await import('./take-handed.ts').catch(() => null)
  return module === null ? { ok: false, reason: 'message-lost' } : module.takeHanded(page)
}
