import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { Config } from '../config/schema.ts'
import type { ErasedRows, Erasure, ErasureWish, SubjectRecords } from '../store/subject-store.ts'
import type { Store } from '../store/store.ts'
import { withQuestions } from './ask.ts'
import { configOption, defineCommand } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { renderTable, write } from './output.ts'
import { placesInConfig, readSubjectAddress, subjectOf, subjectOptions } from './subject-of.ts'
import type { FoundSubject } from './subject-of.ts'
import type { Terminal } from './terminal.ts'
import { withStore } from './with-store.ts'

const HOW = 'pseudonymise (default), delete or keep'

export const subjectErase = defineCommand({
  name: 'subject erase',
  summary: 'erase what is stored about a person',
  operands: [{ name: 'ADDRESS', help: 'of the person; how it is capitalised makes no difference' }],
  options: {
    config: configOption,
    ...subjectOptions,
    journal: { type: 'string', value: 'HOW', help: `messages sent and received: ${HOW}` },
    audit: { type: 'string', value: 'HOW', help: `messages opened and answered: ${HOW}` },
    revocations: {
      type: 'string',
      value: 'HOW',
      help: 'of this recipient alone: keep (default), or delete, and the messages open again',
    },
    'dry-run': { type: 'boolean', help: 'say what would be erased, and erase nothing' },
    yes: { type: 'boolean', help: 'do not ask' },
  },
  details:
    'Associations and passkeys of the address go always. In the place of the address stands one random\n' +
    'word, the same in every row, which leads back to nobody; keep rows that you need to prove a claim.\n' +
    'The audit notes that somebody was erased, not who. What was erased is overwritten in the files of\n' +
    'the database; on PostgreSQL its tables are written anew, while mails and readers wait. Backups\n' +
    'and the logs of mail servers are yours to erase, and new mail makes new rows.',
  async run(values, [text = ''], terminal) {
    const address = readSubjectAddress(text)
    const wish = readWish(values)
    return withStore(values.config, terminal, async ({ config, store }) => {
      const needs = { config, store, environment: terminal.env, clock: Date.now }
      const found = await subjectOf(needs, address, values.organisation)
      await write(terminal, renderPlan(await countRows(store, found), wish))
      await tellOfConfig(terminal, config, found)
      if (values['dry-run']) return 0
      if (!values.yes) await confirm(terminal, address)
      return erase({ config, store, terminal }, found, wish)
    })
  },
})

type Wish = Pick<ErasureWish, 'journal' | 'audit' | 'decisions'>

/** @throws UsageError */
function readWish(values: {
  readonly journal: string | undefined
  readonly audit: string | undefined
  readonly revocations: string | undefined
}): Wish {
  const { revocations = 'keep' } = values
  if (revocations !== 'keep' && revocations !== 'delete')
    throw new UsageError(`--revocations: write keep or delete, not ${revocations}`)
  return {
    journal: readErasure('journal', values.journal),
    audit: readErasure('audit', values.audit),
    decisions: revocations,
  }
}

/** @throws UsageError */
function readErasure(option: string, text = 'pseudonymise'): Erasure {
  if (text === 'pseudonymise' || text === 'delete' || text === 'keep') return text
  throw new UsageError(`--${option}: write pseudonymise, delete or keep, not ${text}`)
}

async function countRows(store: Store, { subjects }: FoundSubject): Promise<ErasedRows> {
  const found = await Promise.all(subjects.map(subject => store.subjects.find(subject)))
  const count = (part: keyof SubjectRecords): number =>
    found.reduce((sum, records) => sum + records[part].length, 0)
  return {
    sent: count('sent'),
    received: count('received'),
    openings: count('openings'),
    decisions: count('decisions'),
    associations: count('associations'),
    passkeys: count('passkeys'),
  }
}

function renderPlan(rows: ErasedRows, { journal, audit, decisions }: Wish): string {
  return renderTable(
    ['WHAT', 'ROWS', 'HOW'],
    [
      ['messages sent', String(rows.sent), journal],
      ['messages received', String(rows.received), journal],
      ['messages opened, answered', String(rows.openings), audit],
      ['messages revoked', String(rows.decisions), decisions],
      ['accounts associated', String(rows.associations), 'delete'],
      ['passkeys', String(rows.passkeys), 'delete'],
    ],
  )
}

async function tellOfConfig(
  terminal: Terminal,
  config: Config,
  { address }: FoundSubject,
): Promise<void> {
  const places = placesInConfig(config, address)
  if (places.length > 0)
    await write(terminal, `the configuration names the address too: ${places.join(', ')}\n`)
}

/** @throws CommandError where nobody can be asked */
async function confirm(terminal: Terminal, address: Address): Promise<void> {
  if (!terminal.interactive.stdin)
    throw new CommandError('nobody can be asked here: add --yes to erase, or --dry-run to look')
  await withQuestions(terminal, ask =>
    ask({
      text: 'This cannot be undone. Write the address again to erase it',
      check: answer => (parseAddress(answer) === address ? undefined : `that is not ${address}`),
    }),
  )
}

async function erase(
  here: { readonly config: Config; readonly store: Store; readonly terminal: Terminal },
  { subjects }: FoundSubject,
  wish: Wish,
): Promise<number> {
  const { config, store, terminal } = here
  const pseudonym = `erased-${randomBytes(9).toString('base64url')}`
  const noteAtMs = config.audit.enabled ? Date.now() : null
  for (const subject of subjects)
    await store.subjects.erase(subject, { ...wish, pseudonym, noteAtMs })
  if (!(await scrub(store)))
    throw new CommandError(
      'the rows are erased, but somebody still reads an older state of the database (a backup, another program): run the same again when they are done',
    )
  await write(terminal, 'erased\n')
  return 0
}

const SCRUB_TRIES = 5
const SCRUB_PAUSE_MS = 2_000

/** The database's own work may hold an older state for a moment. */
async function scrub(store: Store): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    if (await store.subjects.scrub()) return true
    if (tries === SCRUB_TRIES) return false
    await sleep(SCRUB_PAUSE_MS)
  }
}
