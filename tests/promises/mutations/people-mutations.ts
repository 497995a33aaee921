import type { Mutation } from './mutation.ts'
import { seenBy } from './seen-by.ts'

const server = (path: string): string => `src/server/${path}.ts`

/** What would say more about people than is promised. */
export const peopleMutations: readonly Mutation[] = [
  {
    id: 'provider-asked-for-mail',
    breaks: 'authentication-only',
    what: 'the sign-in asks the provider for the right to read mail',
    edits: [
      {
        file: server('identity/account/authorization-url'),
        find: "scope: 'openid email profile'",
        put: "scope: 'openid email profile Mail.Read'",
      },
    ],
    seenBy: seenBy('authentication-only', 'asks the provider'),
    says: /Mail\.Read/,
  },
  {
    id: 'passcode-in-log',
    breaks: 'passcode-not-stored',
    what: 'the portal writes passcodes to its log',
    edits: [
      {
        file: server('identity/passcodes'),
        find: '  if (!challenge.real) return\n',
        put: '  if (!challenge.real) return\n  process.stderr.write(`passcode ${derivePasscode(secret, challenge)}\\n`)\n',
      },
    ],
    seenBy: seenBy('passcode-not-stored', 'a passcode is in its own mail'),
    says: /log of the portal/,
  },
  {
    id: 'passcode-in-memory',
    breaks: 'passcode-not-stored',
    what: 'the portal remembers passcodes after their request',
    edits: [
      {
        file: server('identity/passcodes'),
        find: '  if (!challenge.real) return\n',
        put: '  if (!challenge.real) return\n  ;((globalThis as Record<string, unknown>)["sent"] = derivePasscode(secret, challenge))\n',
      },
    ],
    seenBy: seenBy('passcode-not-stored', 'after a complete reading'),
    says: /passcode/,
  },
  {
    id: 'token-in-memory',
    breaks: 'account-not-stored',
    what: 'the portal keeps the provider’s tokens',
    edits: [
      {
        file: server('identity/account/exchange-code'),
        find: '  const claims: Claims = {',
        put: '  ;((globalThis as Record<string, unknown>)["tokens"] = tokens)\n  const claims: Claims = {',
      },
    ],
    seenBy: seenBy('account-not-stored', 'after a sign-in'),
    says: /: true/,
  },
  {
    id: 'address-not-hashed',
    breaks: 'associations',
    what: 'associations hold the address itself',
    edits: [
      {
        file: server('identity/account/account-key'),
        find: "new Uint8Array(keyedHash(secret, 'zegel associated address', organisationId, address))",
        put: 'new Uint8Array(Buffer.from(`${organisationId} ${address} ${secret.length}`))',
      },
    ],
    seenBy: seenBy('associations', 'is no token'),
    says: /bob@example\.net/,
  },
  {
    id: 'association-for-ever',
    breaks: 'associations-end',
    what: 'associations last ten times as long',
    edits: [
      {
        file: server('identity/account/limits'),
        find: 'ASSOCIATION_LIFETIME_MS = 180 * DAY_MS',
        put: 'ASSOCIATION_LIFETIME_MS = 1800 * DAY_MS',
      },
    ],
    seenBy: seenBy('associations-end', 'lapses after 180 days without a fresh'),
    says: /expected/,
  },
  {
    id: 'another-in-audit',
    breaks: 'audit',
    what: 'the record says that somebody else opened the message',
    edits: [
      {
        file: server('keys/release-key'),
        find: '    recipient: proof.address,\n    method: proof.method,',
        put: '    recipient: policy.sender,\n    method: proof.method,',
      },
    ],
    seenBy: seenBy('audit', 'the record of an opening'),
    says: /alice@example\.com/,
  },
  {
    id: 'audit-for-ever',
    breaks: 'audit-time',
    what: 'the record of openings is never deleted',
    edits: [
      {
        file: server('store/sweep'),
        find: "    .deleteFrom('audit')\n    .where('at_ms', '<=', beforeMs)",
        put: "    .deleteFrom('audit')\n    .where('at_ms', '<=', Math.min(beforeMs, 0))",
      },
    ],
    seenBy: seenBy('audit-time', 'keeps audit rows'),
    says: /2400/,
  },
  {
    id: 'audit-although-off',
    breaks: 'audit-off',
    what: 'openings are recorded although that is switched off',
    edits: [
      {
        file: server('commands/start-portal'),
        find: 'audit: config.audit.enabled ? store.audit : null',
        put: 'audit: store.audit',
      },
    ],
    seenBy: seenBy('audit-off', 'what is switched off'),
    says: /audit/,
  },
  {
    id: 'network-in-counter',
    breaks: 'network-address',
    what: 'limits are counted under the network itself',
    edits: [
      {
        file: server('identity/rate-limiter'),
        find: "const key = keyedHash(secret, 'zegel rate', day, name, subject).toString('base64url', 0, 16)",
        put: 'const key = `${day} ${name} ${subject} ${keyedHash.length} ${secret.length}`',
      },
    ],
    seenBy: seenBy('network-address', 'no network address'),
    says: /203\.0\.113/,
  },
  {
    id: 'fourth-kind',
    breaks: 'usage-kinds',
    what: 'also the language of readers is counted',
    edits: [
      {
        file: server('telemetry/counters'),
        find: '          daily.add(today(), READER_METRICS.opened, {})\n',
        put: "          daily.add(today(), READER_METRICS.opened, {})\n          daily.add(today(), { name: 'languages', help: '' }, { tag: 'nl' })\n",
      },
    ],
    seenBy: seenBy('usage-kinds', 'of readers are of three kinds'),
    says: /languages/,
  },
  {
    id: 'language-in-count',
    breaks: 'usage-nobody',
    what: 'a count tells readers apart by their language',
    edits: [
      {
        file: server('telemetry/reader-signals'),
        find: "return { program: appOrBrowser(userAgent, header('zegel-app')), device: deviceKind(userAgent) }",
        put: "return { program: (appOrBrowser(userAgent, header('zegel-app')) + (header('accept-language') ?? '')) as ReaderProgram, device: deviceKind(userAgent) }",
      },
    ],
    seenBy: seenBy('usage-nobody', 'what is counted of two people'),
    says: /firefoxar/,
  },
  {
    id: 'count-of-one',
    breaks: 'usage-small',
    what: 'a count of one is stored for an organisation',
    edits: [
      {
        file: server('store/usage'),
        find: 'if (row.count >= FEWEST_OF_ORGANISATION)',
        put: 'if (row.count >= FEWEST_OF_ORGANISATION - 4)',
      },
      {
        file: server('store/migrations'),
        find: 'sql`count >= 5`',
        put: 'sql`count >= 0`',
      },
    ],
    seenBy: seenBy('usage-small', 'refuses a smaller one'),
    says: /expected true to be false/,
  },
  {
    id: 'wish-ignored',
    breaks: 'usage-signals',
    what: 'who asks not to be counted is counted',
    edits: [
      {
        file: server('telemetry/counters'),
        find: 'if (!enabled || wishesNoCounts(header)) return NO_READER',
        put: 'if (!enabled) return NO_READER',
      },
    ],
    seenBy: seenBy('usage-signals', 'counts no fault'),
    says: /errors internal/,
  },
  {
    id: 'counted-although-off',
    breaks: 'usage-off',
    what: 'readers are counted although that is switched off',
    edits: [
      {
        file: server('commands/installation'),
        find: 'enabled: needs.config.telemetry.enabled',
        put: 'enabled: true',
      },
    ],
    seenBy: seenBy('usage-off', 'what is switched off'),
    says: /usage_counts/,
  },
  {
    id: 'journal-not-erased',
    breaks: 'your-rights',
    what: 'who asks to be erased stays in the journal',
    edits: [
      {
        file: server('store/erase-subject'),
        find: "    ['received', received(engine, subject, wish)],\n",
        put: '',
      },
    ],
    seenBy: seenBy('your-rights', 'erases a person'),
    says: /expected true to be false/,
  },
]
