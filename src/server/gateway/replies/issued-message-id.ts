import { toBase64Url } from '../../../core/envelope/base64.ts'
import { equalBytes, utf8 } from '../../../core/envelope/bytes.ts'
import { decodeWords } from '../../../core/address/encoded-words.ts'
import { replyDomainOf } from '../../config/reply-domain.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import type { Mac } from '../message-ids.ts'

const TAG_BYTES = 16
const ISSUED = /<r1\.([\w-]{22})\.([\w-]{22})\.([\w-]{22})@/g
/** Ids that are looked at in one mail. Attack: a chain of ten thousand that each cost a MAC. */
const MAX_CANDIDATES = 200

/**
 * Message-ID of a reply: `<r1.SUBMISSION.CONVERSATION.MAC@replyDomain>`. Whoever answers it by mail names it, so the
 * gateway knows the conversation again without remembering any. docs/replies.md
 */
export function replyMessageId(
  mac: Mac,
  conversationId: string,
  submissionId: string,
  organisation: Pick<OrganisationConfig, 'id' | 'domains' | 'replyDomain'>,
): string {
  const tag = tagOf(mac, organisation.id, submissionId, conversationId)
  return `<r1.${submissionId}.${conversationId}.${tag}@${replyDomainOf(organisation)}>`
}

/** Fields that say what a mail answers. RFC 5322 §3.6.4 */
interface Chain {
  values(name: string): readonly string[]
}

/**
 * The conversation of a mail that answers, directly or not, a reply that this gateway issued for the organisation; null
 * for any other. The nearest one, where there are several. Neither folding inside an id nor encoded words hide one; the
 * domain of an id is not looked at, because it may have been another then.
 */
export function issuedConversation(mac: Mac, organisationId: string, chain: Chain): string | null {
  const nearestFirst = [
    ...chain.values('in-reply-to').flatMap(candidatesIn),
    ...chain.values('references').flatMap(candidatesIn).toReversed(),
  ]
  const found = nearestFirst
    .slice(0, MAX_CANDIDATES)
    .find(({ submissionId, conversationId, tag }) =>
      equalBytes(utf8(tag), utf8(tagOf(mac, organisationId, submissionId, conversationId))),
    )
  return found?.conversationId ?? null
}

interface Candidate {
  readonly submissionId: string
  readonly conversationId: string
  readonly tag: string
}

function candidatesIn(value: string): readonly Candidate[] {
  if (!/r\s*1\s*\.|=\?/.test(value)) return []
  const text = decodeWords(value).replaceAll(/\s+/g, '')
  return [...text.matchAll(ISSUED)].map(([, submissionId = '', conversationId = '', tag = '']) => ({
    submissionId,
    conversationId,
    tag,
  }))
}

function tagOf(
  mac: Mac,
  organisationId: string,
  submissionId: string,
  conversationId: string,
): string {
  const input = ['zegel.v1 issued id', organisationId, submissionId, conversationId].join('\0')
  return toBase64Url(mac(utf8(input)).subarray(0, TAG_BYTES))
}
