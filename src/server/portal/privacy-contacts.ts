import { cleanName } from '../../core/address/clean-name.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'

/** Whom to ask; what is not configured is empty. */
export interface PrivacyContact {
  readonly name: string
  readonly mail: string
  /** Lines of a postal address. */
  readonly post: string
  /** `https:` address of its own privacy statement. */
  readonly page: string
}

/**
 * The organisation first, then whoever runs the portal. Where nobody else runs it, its contact is
 * the organisation's own, as far as that has none.
 * @param organisation undefined: one of several
 */
export function contactsOf(
  { portal }: Pick<Config, 'portal'>,
  organisation: OrganisationConfig | undefined,
): readonly PrivacyContact[] {
  const { operator, contactMail, contactPost } = portal.privacy
  const running = { name: cleanName(operator), mail: contactMail, post: contactPost, page: '' }
  const own = organisation === undefined ? null : ownContact(organisation)
  if (own !== null && operator === '') return [merged(own, running)].filter(isReachable)
  const host = new URL(portal.url).host
  const ofPortal = { ...running, name: running.name || host }
  return [...(own === null ? [] : [own]), ofPortal].filter(isReachable)
}

function ownContact(organisation: OrganisationConfig): PrivacyContact {
  const { name, privacyAddress, privacyPost, privacyPage } = organisation
  return { name: cleanName(name), mail: privacyAddress, post: privacyPost, page: privacyPage }
}

function merged(own: PrivacyContact, other: PrivacyContact): PrivacyContact {
  return { ...own, mail: own.mail || other.mail, post: own.post || other.post }
}

const isReachable = ({ mail, post, page }: PrivacyContact): boolean =>
  mail !== '' || post !== '' || page !== ''
