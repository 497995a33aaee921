/** A test that would fail if the promise were broken. */
export interface PromiseTest {
  /** In the repository. */
  readonly file: string
  /** Of one test; with `%j` of one for each case of a table. */
  readonly title: string
}

/** A promise of the privacy statement, and what proves it. features.md E */
export interface KeptPromise {
  /** Of its sentence in `src/locales/privacy/en.md`. */
  readonly id: string
  readonly tests: readonly PromiseTest[]
}

/** Tests of one file. */
const of =
  (file: string) =>
  (...titles: readonly string[]): readonly PromiseTest[] =>
    titles.map(title => ({ file: `tests/${file}.test.ts`, title }))

const observed = of('promises/observed-reading')
const inBrowser = of('promises/left-in-browser')
const otherHands = of('promises/other-hands')
const cannotRead = of('promises/portal-cannot-read')
const memory = of('promises/portal-memory')(
  'after a complete reading nothing that opens the message, and no passcode, is in the memory of the portal',
)
const accountsLeave = of('promises/accounts-leave-nothing')(
  'after a sign-in no token, no code and no address of the account is in memory, database, files or log',
)
const people = of('promises/two-people')
const counters = of('server/telemetry/counters')
const usage = of('server/portal/telemetry')
const onSqlite = of('server/store/sqlite')
const passkeys = of('server/portal/passkeys')
const accounts = of('server/portal/accounts')
const switchedOff = people(
  'what is switched off leaves no row: who opened, who was sent, what was counted',
)
const passcode = observed(
  'a passcode is in its own mail and in the one request that proves it, and nowhere else',
)

/** In the order of the statement. Checked by tests/server/portal/promise-list.test.ts. */
export const keptPromises: readonly KeptPromise[] = [
  {
    id: 'decrypted-here',
    tests: observed(
      'no word of a message goes to or from the portal while it is decrypted, in any encoding',
      'a browser that reads a message asks this site alone, and looks up no other name',
    ),
  },
  {
    id: 'not-stored',
    tests: observed(
      'no word of a message lies in the database, a file, a temporary file or the log, in any encoding',
      'everything that left or stayed is explained: sockets, names, files, rows, log, browser',
      'docs/what-leaves.md is the list of all that may leave or stay',
    ),
  },
  {
    id: 'passes-memory',
    tests: observed(
      'nothing of the sealed form lies in the database, a file, a temporary file or the log',
    ),
  },
  {
    id: 'two-halves',
    tests: [
      ...observed(
        'the half of the key in the mail reaches neither the portal nor a file nor a log',
      ),
      ...otherHands(
        'who has proven one address gets no key to what was sent to another, and envelopes cannot be swapped',
        'who has proven nothing gets no key and sees no word of a message',
      ),
      ...cannotRead('whoever has the mail and not the portal lacks the portal share'),
      ...of('server/portal/guards')(
        'shows nothing of a message to who has not signed in, on any route',
      ),
    ],
  },
  {
    id: 'cannot-read',
    tests: [
      ...cannotRead(
        'a portal process, with its keys, its database and all it received and answered, lacks the envelope share',
        'neither role can unwrap the keys of the other with its own root key',
      ),
      ...memory,
    ],
  },
  {
    id: 'answer-sealed',
    tests: of('promises/reply-unread')(
      'no word of an answer goes to or from the portal, or lies in its memory, a file, the database or the log, in any encoding',
    ),
  },
  {
    id: 'key-destroyed',
    tests: of('server/keys/release-key')(
      'destroys a key only after the last message of its class has expired',
      'leaves no trace of the key in any file of the database',
    ),
  },
  {
    id: 'authentication-only',
    tests: [
      ...accounts('asks the provider for what it needs and for nothing more'),
      ...passcode,
      ...accountsLeave,
    ],
  },
  { id: 'passcode-not-stored', tests: [...passcode, ...memory] },
  {
    id: 'account-not-stored',
    tests: [
      ...accountsLeave,
      ...of('server/portal/id-token-threats')(
        'is no token, no code, no secret, no name and no address, in the database, its files or the log',
      ),
    ],
  },
  {
    id: 'associations',
    tests: [
      ...passkeys('stores no address with a passkey, and nothing that can be read as one'),
      ...of('server/portal/id-token-threats')(
        'is no token, no code, no secret, no name and no address, in the database, its files or the log',
      ),
    ],
  },
  {
    id: 'associations-end',
    tests: [
      ...accounts(
        'lapses after 180 days without a fresh proof of the mailbox, and lives on with one',
        'is listed and removed by its person, and by nobody else',
      ),
      ...passkeys(
        'lapses after 180 days without a passcode, and goes with the next sweep',
        'is listed and removed by who proved its address, and is worth nothing then',
      ),
    ],
  },
  {
    id: 'audit',
    tests: observed('the record of an opening holds who, when and how, and no word of the message'),
  },
  {
    id: 'audit-time',
    tests: onSqlite('keeps audit rows for their time, also across more than one step'),
  },
  { id: 'audit-off', tests: switchedOff },
  {
    id: 'not-seen',
    tests: inBrowser('nothing says that a message is read, printed or saved'),
  },
  {
    id: 'network-address',
    tests: [
      ...people(
        'no network address and no name of a browser lies in the database, a file or the log',
      ),
      ...of('server/identity/rate-limiter')('keeps keys that say nothing and change every day'),
    ],
  },
  {
    id: 'usage-kinds',
    tests: counters('of readers are of three kinds: openings, browser and device, errors'),
  },
  {
    id: 'usage-nobody',
    tests: [
      ...people('what is counted of two people who do the same is the same, byte for byte'),
      ...counters(
        'take no text that a program computed, when it is compiled',
        'threat: a scrape each few seconds shows no single reading',
        'threat: who looks at the rows each minute sees no single reading, with one organisation alone',
      ),
    ],
  },
  {
    id: 'usage-small',
    tests: onSqlite(
      'refuses a smaller one in the table itself, whoever writes it',
      'keeps what two nodes have of four each out of both tables',
      'threat: the sum less the row of one is no few of the other',
    ),
  },
  {
    id: 'usage-signals',
    tests: usage(
      'holds nothing of a reader who asks for it with %j',
      'counts no fault of ours either that such a reader met',
    ),
  },
  {
    id: 'usage-off',
    tests: [...usage('is empty where telemetry is switched off'), ...switchedOff],
  },
  {
    id: 'browser-message',
    tests: observed('the browser keeps nothing of a message after signing out'),
  },
  {
    id: 'browser-closed',
    tests: inBrowser('a message whose tab was closed is removed at the first visit an hour later'),
  },
  {
    id: 'cookies',
    tests: [
      ...observed(
        'there is no cookie before a passcode is asked for, then two, and none after signing out',
        'the cookie of a session lies in no file and no log',
      ),
      ...of('server/portal/sessions')(
        'are for this host alone, unseen by scripts, and outlive the browser only on a private computer',
      ),
    ],
  },
  {
    id: 'no-third-party',
    tests: [
      ...observed(
        'a browser that reads a message asks this site alone, and looks up no other name',
      ),
      ...inBrowser('nothing says that a message is read, printed or saved'),
    ],
  },
  {
    id: 'your-rights',
    tests: of('server/commands/subject')(
      'exports what is stored about a person before one organisation, and notes that without a name',
      'erases a person from every organisation named, to the last byte of the files',
    ),
  },
]
