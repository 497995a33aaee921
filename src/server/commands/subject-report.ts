import type { Config } from '../config/schema.ts'
import type { Store, TakenOfLimit } from '../store/store.ts'
import type { SubjectRecords } from '../store/subject-store.ts'
import { placesInConfig } from './subject-of.ts'
import type { FoundSubject } from './subject-of.ts'

/** What a person is given who asks what is stored about them: names and times that can be read without this program. */
export async function subjectReport(
  { config, store }: { readonly config: Config; readonly store: Store },
  { address, subjects, limits }: FoundSubject,
  nowMs: number,
) {
  const organisations = subjects.map(async subject => ({
    ...organisationNamed(config, subject.organisationId),
    ...reportOf(await store.subjects.find(subject)),
  }))
  return {
    about: `What this installation of Zegel stores about ${address}.`,
    address,
    at: time(nowMs),
    organisations: await Promise.all(organisations),
    passcodesAskedFor: (await store.rates.find(limits)).map(limitView),
    namedInConfiguration: placesInConfig(config, address),
    notStored: NOT_STORED,
    notInThisFile: NOT_HERE,
  }
}

const NOT_STORED = [
  'Messages, their subjects and attachments: they are in the mailboxes of sender and recipients alone.',
  'Passcodes, passwords and what a provider of accounts says: they are forgotten when they were used.',
  'Network addresses.',
]

const NOT_HERE = [
  'The other recipients of a message that you received: they are data of others.',
  'Which of the messages that you sent were opened by whom: that is data of those who opened them.',
  'Sessions, which a cookie in your own browser holds for at most 12 hours.',
  'Associations of an account of yours with other addresses than this one.',
  'Backups of the database, and logs of mail servers: the organisation keeps them outside of Zegel.',
]

function organisationNamed({ organisations }: Config, id: string) {
  const found = organisations.find(organisation => organisation.id === id)
  return { id, name: found?.name ?? '', questionsTo: found?.privacyAddress ?? '' }
}

function reportOf(records: SubjectRecords) {
  return {
    messagesSent: records.sent.map(({ sentAtMs, expiresAtMs, ...rest }) => ({
      ...rest,
      sentAt: time(sentAtMs),
      expiresAt: time(expiresAtMs),
    })),
    messagesReceived: records.received.map(({ sentAtMs, expiresAtMs, ...rest }) => ({
      ...rest,
      sentAt: time(sentAtMs),
      expiresAt: time(expiresAtMs),
    })),
    messagesOpened: records.openings
      .filter(({ event }) => event === 'released')
      .map(({ atMs, ...row }) => ({ ...proofOf(row), openedAt: time(atMs) })),
    messagesAnswered: records.openings
      .filter(({ event }) => event !== 'released')
      .map(({ atMs, event, ...row }) => ({
        ...proofOf(row),
        forwarded: event === 'forwarded',
        answeredAt: time(atMs),
      })),
    messagesRevokedForYou: records.decisions.map(({ atMs, ...rest }) => ({
      ...rest,
      decidedAt: time(atMs),
    })),
    accountsAssociated: records.associations.map(proofView),
    passkeys: records.passkeys.map(({ counter, ...passkey }) => ({
      ...proofView(passkey),
      timesUsed: counter,
    })),
  }
}

const proofOf = ({
  messageId,
  method,
  assurance,
}: Omit<SubjectRecords['openings'][number], 'atMs' | 'event'>) => ({
  messageId,
  signedInBy: method,
  assurance,
})

/** The account itself stands there as a keyed hash, which says nothing. */
function proofView({
  createdAtMs,
  lastProvenAtMs,
  lapsesAtMs,
  ...rest
}: SubjectRecords['associations'][number]) {
  return {
    ...rest,
    madeAt: time(createdAtMs),
    mailboxLastProvenAt: time(lastProvenAtMs),
    endsAt: time(lapsesAtMs),
  }
}

const limitView = ({ taken, windowEndMs }: TakenOfLimit) => ({
  times: taken,
  countedUntil: time(windowEndMs),
})

/** `2026-11-21T12:00:00.000Z`; null stays. */
const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
