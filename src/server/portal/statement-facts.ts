import type { Config, OrganisationConfig } from '../config/schema.ts'
import type { Provider } from '../identity/account/provider.ts'
import { cleanName } from '../../core/address/clean-name.ts'
import { NO_ROWS } from './kept-rows.ts'
import type { FindKeptRows, KeptRows } from './kept-rows.ts'
import { contactsOf } from './privacy-contacts.ts'
import type { PrivacyContact } from './privacy-contacts.ts'

/** What runs in the portal's process: decides what it may say of itself. protocol.md §0 */
export type Running = 'portal-alone' | 'portal-and-gateway' | 'demo'

/** What sentences of a statement depend on. docs/statements.md */
export const FACTS = [
  'one-organisation',
  'several-organisations',
  'separate',
  'one-process',
  'demo',
  'passcode',
  'accounts',
  'replies',
  'audit',
  'journal',
  'usage',
  'operator',
  'contact',
  'translated',
] as const
export type Fact = (typeof FACTS)[number]

/** What is true of this installation, for a reader of one organisation's message or of any. */
export interface StatementFacts {
  readonly holds: Readonly<Record<Exclude<Fact, 'translated'>, boolean>>
  /** Empty where several organisations share the portal and none is asked for. */
  readonly organisation: string
  /** Empty: the organisation itself. */
  readonly operator: string
  readonly providers: readonly string[]
  readonly auditDays: number
  readonly journalDays: number
  readonly contacts: readonly PrivacyContact[]
}

export type StatementConfig = Pick<
  Config,
  'organisations' | 'policy' | 'portal' | 'audit' | 'journal' | 'store' | 'telemetry'
>

export interface FactNeeds {
  readonly config: StatementConfig
  readonly running: Running
  readonly keptRows?: FindKeptRows | undefined
  readonly providers: readonly Provider[]
}

/**
 * @param organisationId of the message that the reader came from; null when it is not known
 * @param kept what is there although it is switched off
 */
export function statementFacts(
  { config, running, providers }: FactNeeds,
  organisationId: string | null,
  kept: KeptRows = NO_ROWS,
): StatementFacts {
  const organisation = findOrganisation(config, organisationId)
  const offered = providers.filter(
    ({ organisationId: only }) => only === null || only === (organisation?.id ?? only),
  )
  const operator = cleanName(config.portal.privacy.operator)
  const contacts = contactsOf(config, organisation)
  return {
    holds: {
      'one-organisation': organisation !== undefined,
      'several-organisations': organisation === undefined,
      separate: running === 'portal-alone',
      'one-process': running !== 'portal-alone',
      demo: running === 'demo',
      passcode: config.policy.default.assurance === 'mailbox',
      accounts: offered.length > 0,
      replies: running !== 'portal-alone' || config.portal.replies !== '',
      audit: config.audit.enabled || kept.audit,
      journal: config.journal || kept.journal,
      usage: config.telemetry.enabled,
      operator: operator !== '',
      contact: contacts.length > 0,
    },
    organisation: organisation === undefined ? '' : cleanName(organisation.name),
    operator,
    providers: [...new Set(offered.map(({ name }) => name))],
    auditDays: config.audit.keepDays,
    journalDays: config.store.journalKeepDays,
    contacts,
  }
}

function findOrganisation(
  { organisations }: StatementConfig,
  id: string | null,
): OrganisationConfig | undefined {
  return organisations.length === 1 ? organisations[0] : organisations.find(one => one.id === id)
}
