/**
 * The domain under which addresses stand for people outside who answered; never one of the organisation's own.
 * docs/replies.md
 */
export function replyDomainOf({
  replyDomain,
  domains,
}: {
  readonly replyDomain: string
  readonly domains: readonly string[]
}): string {
  return replyDomain === '' ? `replies.${domains[0] ?? ''}` : replyDomain
}

/** The domain of today first, then those that it was before: what was written under them still holds. */
export function replyDomainsOf(organisation: {
  readonly replyDomain: string
  readonly domains: readonly string[]
  readonly formerReplyDomains?: readonly string[]
}): readonly string[] {
  return [replyDomainOf(organisation), ...(organisation.formerReplyDomains ?? [])]
}
