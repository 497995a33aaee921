import type { OrganisationConfig } from './schema.ts'

/**
 * The domain under which addresses stand for people outside who answered; never one of the organisation's own.
 * docs/replies.md
 */
export function replyDomainOf({
  replyDomain,
  domains,
}: Pick<OrganisationConfig, 'replyDomain' | 'domains'>): string {
  return replyDomain === '' ? `replies.${domains[0] ?? ''}` : replyDomain
}
