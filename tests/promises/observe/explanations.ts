import type { Part } from './what-left.ts'

export interface Explanation {
  readonly part: Part
  readonly by: string
  /** The whole of what was seen. */
  readonly what: string | RegExp
  readonly says: string
}

const sent = (by: string, what: string, says: string): Explanation => ({
  part: 'sent',
  by,
  what,
  says,
})
const file = (what: string, says: string): Explanation => ({
  part: 'file',
  by: 'installation',
  what,
  says,
})
const row = (what: string, says: string): Explanation => ({
  part: 'row',
  by: 'installation',
  what,
  says,
})
const browser = (by: string, what: string, says: string): Explanation => ({
  part: 'browser',
  by,
  what,
  says,
})
const reading = 'while it is read'
const after = 'after signing out'

/** Why each thing is there that may be there. What is not in this list is a defect. */
export const explanations: readonly Explanation[] = [
  sent(
    'gateway',
    'SMTP to the next hop',
    'the sealed mail with `message.html`; in its header sender, recipients and date, as in any mail',
  ),
  sent(
    'portal',
    'SMTP to the mail relay',
    'the mail with the passcode: address, reference, passcode',
  ),
  sent(
    'browser',
    'GET file:…/message.html',
    'nothing: the attachment is read from the reader’s own disk',
  ),
  sent(
    'browser',
    'POST /open',
    'the sealed message and its signature; the half of the key stays behind the `#`, which browsers do not send',
  ),
  sent('browser', 'GET /read', 'nothing of the message'),
  sent('browser', 'GET /assets/…', 'nothing: scripts, styles and sentences of the program'),
  sent('browser', 'POST /api/describe', 'the header of the sealed message'),
  sent(
    'browser',
    'POST /api/passcodes',
    'the header of the sealed message, and which of the masked addresses',
  ),
  sent(
    'browser',
    'GET /api/passcodes/ID',
    'the random name of the request for a passcode: has the mail been taken?',
  ),
  sent('browser', 'POST /api/passcodes/verify', 'the passcode, once'),
  sent(
    'browser',
    'POST /api/release',
    'the header of the sealed message, and a public key made for this one answer',
  ),
  sent('browser', 'GET /api/passkeys', 'the cookie of the session: has this address a passkey?'),
  sent('browser', 'GET /api/session', 'the cookie of the session: until when does it hold?'),
  sent('browser', 'DELETE /api/session', 'the cookie of the session, for the last time'),
  sent(
    'browser',
    'GET /service-worker.js',
    'nothing: the browser fetches the small program that saves the next upload',
  ),
  sent('browser', 'GET /manifest.webmanifest', 'nothing: the browser reads the name of the site'),
  {
    part: 'name',
    by: 'gateway',
    what: 'localhost',
    says: '`gateway.nextHop.host` of the configuration',
  },
  { part: 'name', by: 'browser', what: 'localhost', says: 'the host of the portal' },
  {
    part: 'other',
    by: 'gateway',
    what: 'worker',
    says: 'a thread of the same process, which prepares keys and headers of mails that are being sealed; the recorder is in it too',
  },
  file('zegel.db', 'the database; below, row by row'),
  file('zegel.db-wal', 'the database’s write-ahead log, gone when the last process has ended'),
  file('zegel.db-shm', 'the database’s index of that log, gone with it'),
  ...['portal', 'gateway'].flatMap(role => [
    file(`${role}/zegel.yaml`, `the configuration of the ${role}, written by the operator before`),
    file(`${role}/${role}.key`, `the root key of the ${role}, made before`),
    file(`${role}.record`, 'this recorder’s own'),
    { part: 'file' as const, by: role, what: '/dev/null', says: 'standard input' },
    {
      part: 'log' as const,
      by: role,
      what: /^zegel ready (?:portal|smtp)=…$/,
      says: 'that it answers, and where',
    },
  ]),
  {
    part: 'log',
    by: 'gateway',
    what: /^info mail result=… reason=… code=… bytes=… sealedRecipients=… plainRecipients=…$/,
    says: 'that a mail went through: how large and how many recipients, no address and no subject',
  },
  row('schema_versions', 'the version of the tables, from before the mail'),
  row(
    'organisation_keys',
    'the organisation’s keys, the private ones wrapped, from before the mail',
  ),
  row('housekeeping', 'when housekeeping last ran, from before the mail'),
  row('journal', 'that a message was sent: id, sender, times; can be switched off'),
  row('journal_recipients', 'to whom; can be switched off'),
  row(
    'audit',
    'who opened, answered or forwarded it, when, and how they signed in; can be switched off',
  ),
  row('passcodes', 'how often the passcode was tried and that it is used; never the passcode'),
  row('ended_sessions', 'the random name of the session that was signed out'),
  row('rate_counters', 'keyed hashes that count requests, at most an hour'),
  row('usage_counts', 'sums for a day'),
  browser(reading, 'sessionStorage zegel.id', 'the random name of the tab'),
  browser(reading, 'sessionStorage zegel.share', 'the half of the key that came with the mail'),
  browser(reading, 'IndexedDB zegel/envelopes: 1', 'the sealed message'),
  ...[reading, after].map(when =>
    browser(when, 'localStorage zegel.way', 'which way of signing in was used last: `passcode`'),
  ),
  browser(reading, 'cookie __Host-zegel-browser', 'ties the passcode to this browser'),
  browser(reading, 'cookie __Host-zegel-session', 'the session, sealed'),
  ...[reading, after].map(when =>
    browser(
      when,
      'service worker /service-worker.js',
      'the small program that saves the next upload; it holds nothing of a message',
    ),
  ),
  browser(after, 'IndexedDB zegel/envelopes: 0', 'an empty table'),
]

/** Null when there is none. */
export function explanationOf(part: Part, by: string, what: string): string | null {
  const found = explanations.find(
    one =>
      one.part === part &&
      one.by === by &&
      (typeof one.what === 'string' ? one.what === what : one.what.test(what)),
  )
  return found?.says ?? null
}
