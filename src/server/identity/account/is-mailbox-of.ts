import type { Provider } from './provider.ts'

/** Microsoft's own mail, in every country's spelling: outlook.com, hotmail.co.uk, live.nl, msn.com. */
const MICROSOFT_MAIL = /^(?:outlook|hotmail|live|msn|windowslive)\.[a-z]{2,3}(?:\.[a-z]{2})?$/

/**
 * True when mailboxes of this domain are most likely accounts of the provider: its button comes first.
 * It proves nothing; a domain whose mail is at one of them under its own name is not known.
 */
export function isMailboxOf(
  { kind, trustedDomains }: Pick<Provider, 'kind' | 'trustedDomains'>,
  domain: string,
): boolean {
  if (kind === 'google') return domain === 'gmail.com' || domain === 'googlemail.com'
  if (kind === 'microsoft') return MICROSOFT_MAIL.test(domain)
  return trustedDomains.includes(domain)
}
