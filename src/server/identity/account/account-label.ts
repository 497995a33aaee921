import { cleanName } from '../../../core/address/clean-name.ts'
import { MAX_ACCOUNT_LABEL_CHARACTERS } from '../../../core/api/limits.ts'
import type { Claims } from './decide-claims.ts'

/**
 * What the person may know the account by, so that nobody associates the account that somebody else left
 * behind at this computer. Whoever runs the provider may write anything here: it is shown and never trusted.
 * @returns at most `MAX_ACCOUNT_LABEL_CHARACTERS` UTF-16 units; empty when nothing is said.
 */
export function accountLabel(claims: Claims): string {
  for (const name of ['preferred_username', 'email', 'name']) {
    const claim = claims[name]
    const label = typeof claim === 'string' ? cleanName(claim) : ''
    if (label.length > MAX_ACCOUNT_LABEL_CHARACTERS) continue
    if (label !== '') return label
  }
  return ''
}
