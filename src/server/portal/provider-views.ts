import type { ProviderView } from '../../core/api/messages.ts'
import { domainOf } from '../../core/address/address.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { canCreate } from '../identity/account/authorization-url.ts'
import { isMailboxOf } from '../identity/account/is-mailbox-of.ts'
import type { Provider } from '../identity/account/provider.ts'

/** The accounts that a reader of this message can sign in with, the likeliest first. */
export function providerViews(providers: readonly Provider[], policy: Policy): ProviderView[] {
  const listed = policy.recipients.filter(recipient => recipient.listed)
  const domains = new Set(listed.map(({ address }) => domainOf(address)))
  const views = providers.map(provider => ({
    id: provider.id,
    kind: provider.kind,
    name: provider.name,
    logo: provider.logo,
    suggested: [...domains].some(domain => isMailboxOf(provider, domain)),
    canCreate: canCreate(provider),
  }))
  return views.toSorted((a, b) => Number(b.suggested) - Number(a.suggested))
}
