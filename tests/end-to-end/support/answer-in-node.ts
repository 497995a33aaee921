import { randomBytes } from 'node:crypto'
import { sealStream } from '../../../src/browser/composer/sealing/seal-stream.ts'
import { replyBody } from '../../../src/browser/composer/send-reply.ts'
import type { Problem, ReleaseAnswer } from '../../../src/core/api/messages.ts'
import { REPLY_TYPE } from '../../../src/core/reply/content-types.ts'
import { writeReplyHead } from '../../../src/core/reply/reply-head.ts'
import type { ReplyHead } from '../../../src/core/reply/reply-head.ts'
import type { Ask, Reading } from '../../promises/read-as-browser.ts'
import { address } from '../../support/sealed-message.ts'

/** What the page does with an answer, without a browser. docs/replies.md §1, §2 */

/** Seals an answer as the person who reads. */
export async function sealAnswer(
  reading: Pick<Reading, 'openAgain'>,
  head: Partial<ReplyHead>,
  words = 'An answer.',
): Promise<Blob> {
  const { reply, recipient } = (await reading.openAgain()) as ReleaseAnswer
  if (reply === null) throw new Error('the portal offers no answer')
  const text = new Blob([words])
  const whole: ReplyHead = {
    version: 1,
    kind: 'reply',
    submissionId: randomBytes(16).toString('base64url'),
    messageId: reply.messageId,
    conversationId: reply.conversationId,
    writer: address(recipient),
    writerName: '',
    to: [address('alice@example.com')],
    cc: [],
    copyToWriter: false,
    subject: 'Re: Hello',
    inReplyTo: null,
    references: [],
    locale: 'en',
    ...head,
    parts: [{ role: 'text', bytes: text.size }],
  }
  const request = { recipient: reply.recipient, head: writeReplyHead(whole), parts: [text] }
  return new Response(await sealStream(request, () => undefined)).blob()
}

export interface Posted {
  readonly status: number
  readonly body: Partial<Problem> & { readonly kind?: string }
}

export async function postAnswer(ask: Ask, stanza: string, file: Blob): Promise<Posted> {
  const answer = await ask('/api/replies', replyBody(stanza, file), REPLY_TYPE)
  return { status: answer.status, body: (await answer.json()) as Posted['body'] }
}
