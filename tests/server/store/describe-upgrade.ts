import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTokenBox } from '../../../src/server/identity/sealed-token.ts'
import { openPortalKeys } from '../../../src/server/keys/portal-keys.ts'
import { rootKey } from '../../../src/server/keys/root-key.ts'
import { migrate } from '../../../src/server/store/migrate.ts'
import { migrations } from '../../../src/server/store/migrations.ts'
import { openEngine, openStore } from '../../../src/server/store/open-store.ts'
import { ORGANISATIONS } from '../keys/installation.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 12)
const DAY_MS = 86_400_000
const root = rootKey(randomBytes(32))
const bytes = (fill: number, length = 32) => Buffer.alloc(length, fill)
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex')

/** A secret as the program of then wrapped and stored it. */
function oldSecret(purpose: 'cookie' | 'association', secret: Uint8Array) {
  const id = `old-${purpose}`
  return { id, purpose, wrapped: hex(root.wrap(secret, { id, purpose, organisationId: '' })) }
}

const OLD_SECRETS = [oldSecret('cookie', bytes(1)), oldSecret('association', bytes(2))]

type Literal = (hexadecimal: string) => string

/** Rows of every table that was there after so many steps, in the words of that time. */
function oldRows(steps: number, blob: Literal): readonly string[] {
  const keys = OLD_SECRETS.map(
    ({ id, purpose, wrapped }) =>
      `insert into organisation_keys (id, organisation_id, purpose, public_key, wrapped_private_key,
         certificate, month, expiry_class, created_at_ms, retired_at_ms, destroy_after_ms)
       values ('${id}', '', '${purpose}', ${blob('')}, ${blob(wrapped)},
         null, '', '', ${NOW_MS}, null, null)`,
  )
  // Since the eighth step browsers are counted apart, and sign-ins not at all.
  const opened = steps > 7 ? 'browsers_used' : 'messages_opened'
  const apart = steps > 7 ? `'messages_opened', '', 17` : `'sign_ins', 'passcode', 5`
  const first = [
    ...keys,
    `insert into journal (message_id, organisation_id, sender, created_at_ms, expires_at_ms, template)
       values (${blob(hex(bytes(3, 16)))}, 'example', 'alice@example.com', ${NOW_MS}, ${NOW_MS + DAY_MS}, 'default')`,
    `insert into journal_recipients (seq, recipient) select seq, 'bob@example.net' from journal`,
    `insert into overrides (message_id, recipient, organisation_id, revoked, changes_expiry,
         expires_at_ms, last_expiry_ms, created_at_ms)
       values (${blob(hex(bytes(3, 16)))}, '', 'example', 1, 0, null, ${NOW_MS + DAY_MS}, ${NOW_MS})`,
    `insert into audit (organisation_id, message_id, event, recipient, method, assurance, at_ms)
       values ('example', ${blob(hex(bytes(3, 16)))}, 'released', 'bob@example.net', 'passcode', 'mailbox', ${NOW_MS})`,
    `insert into passcodes (challenge_id, tries, used, expires_at_ms)
       values ('challenge', 4, 0, ${NOW_MS + DAY_MS})`,
    `insert into ended_sessions (session_id, expires_at_ms) values ('ended', ${NOW_MS + DAY_MS})`,
    `insert into delivered_halves (hash, expires_at_ms) values (${blob(hex(bytes(4)))}, ${NOW_MS + DAY_MS})`,
    `insert into rate_counters (key, window_start_ms, window_end_ms, taken)
       values ('k', ${NOW_MS}, ${NOW_MS + DAY_MS}, 7)`,
    `insert into usage_counts (day, metric, dimension, count)
       values ('2026-11-20', 'messages_sealed', '', 9),
         ('2026-11-19', ${apart}),
         ('2026-11-19', 'passcode_mails', 'accepted', 6),
         ('2026-11-19', '${opened}', 'chrome/phone', 14),
         ('2026-11-19', '${opened}', 'firefox/desktop', 3)`,
  ]
  const associations = `insert into associations (id, organisation_id, account_hash, address_hash,
      provider, assurance, created_at_ms, last_proven_at_ms, lapses_at_ms)
    values ('association', 'example', ${blob(hex(bytes(5)))}, ${blob(hex(bytes(6)))}, 'microsoft',
      'mailbox', ${NOW_MS}, ${NOW_MS}, ${NOW_MS + DAY_MS})`
  // Since the fifth step a passkey says what it was made under.
  const [columns, values] = steps > 4 ? [', mailbox_proven', ', 1'] : ['', '']
  const passkeys = (['mailbox', 'mfa'] as const).map(
    assurance => `insert into passkeys (id, credential_id, organisation_id, address_hash, public_key,
        counter, assurance, created_at_ms, last_proven_at_ms, lapses_at_ms${columns})
      values ('${assurance}', 'credential-${assurance}', 'example', ${blob(hex(bytes(6)))},
        ${blob(hex(bytes(7, 77)))}, 3, '${assurance}', ${NOW_MS}, ${NOW_MS}, ${NOW_MS + DAY_MS}${values})`,
  )
  return [...first, ...(steps > 1 ? [associations] : []), ...(steps > 2 ? passkeys : [])]
}

/** A database as a program left it that knew only the first steps. */
async function oldDatabase(url: string, steps: number): Promise<void> {
  const engine = openEngine(url)
  await migrate(engine, NOW_MS, migrations.slice(0, steps))
  const blob: Literal = url.startsWith('sqlite')
    ? text => `x'${text}'`
    : text => `'\\x${text}'::bytea`
  for (const row of oldRows(steps, blob)) await sql.raw(row).execute(engine.db)
  await engine.close()
}

const olds = Array.from({ length: migrations.length - 1 }, (_, i) => i + 1)

/** @param newUrl of an empty database, which goes when the test ends */
export function describeUpgrade(newUrl: () => Promise<string>): void {
  describe('a database of an earlier program', () => {
    it.each(olds)('of %i steps is brought up to date with everything in it', async steps => {
      const url = await newUrl()
      await oldDatabase(url, steps)
      const store = await openStore(url)
      onTestFinished(() => store.close())
      const id = bytes(3, 16).toString('base64url')
      expect(await store.journal.find(id)).toMatchObject({
        sender: 'alice@example.com',
        recipients: ['bob@example.net'],
      })
      expect(await store.overrides.list(id)).toMatchObject([{ revoked: true, recipient: null }])
      expect(await store.audit.list('example', { limit: 9 })).toMatchObject([{ messageId: id }])
      expect(await store.passcodes.countTry('challenge', NOW_MS)).toBe(5)
      expect(await store.sessions.isEnded('ended')).toBe(true)
      expect(await store.deliveries.has(new Uint8Array(bytes(4)), NOW_MS)).toBe(true)
      expect(await store.rates.take('k', NOW_MS, NOW_MS + DAY_MS)).toBe(8)
      expect(await store.usage.list('2026-11-20', '2026-11-20')).toMatchObject([{ count: 9 }])
      const opened = await store.usage.list('2026-11-19', '2026-11-19')
      expect(
        opened.map(({ metric, dimension, count }) => `${metric} ${dimension} ${count}`),
      ).toEqual(['browsers_used chrome/phone 10', 'messages_opened  15'])
      const account = new Uint8Array(bytes(5))
      const associations = await store.associations.ofAccount('example', account, NOW_MS)
      expect(associations.map(each => each.id)).toEqual(steps > 1 ? ['association'] : [])
      const passkeys = await store.passkeys.ofAddress('example', new Uint8Array(bytes(6)), NOW_MS)
      expect(
        passkeys.map(each => [each.id, each.counter, each.ground, each.mailboxProven]),
      ).toEqual(
        steps > 2
          ? [
              ['mailbox', 3, null, true],
              ['mfa', 3, null, steps > 4],
            ]
          : [],
      )
      expect(await store.migrate()).toBe(0)
    })

    it.each(olds)(
      'of %i steps keeps its secrets: what a cookie seals opens before and after',
      async steps => {
        const url = await newUrl()
        await oldDatabase(url, steps)
        const portal = async () => {
          const store = await openStore(url)
          const keys = await openPortalKeys({
            store,
            rootKey: root,
            organisations: ORGANISATIONS,
            trustedGateways: ['0'.repeat(64)],
            clock: () => NOW_MS,
          })
          return { keys, close: () => store.close() }
        }
        const first = await portal()
        expect(await first.keys.ring('cookie').current()).toEqual({
          id: 'old-cookie',
          secret: new Uint8Array(bytes(1)),
        })
        expect(first.keys.secret('association')).toEqual(new Uint8Array(bytes(2)))
        const cookie = await createTokenBox(first.keys.ring('cookie'), 'session').seal('bob')
        await first.close()
        const second = await portal()
        expect(await createTokenBox(second.keys.ring('cookie'), 'session').open(cookie)).toBe('bob')
        await second.keys.rotateSecrets(NOW_MS)
        expect(await createTokenBox(second.keys.ring('cookie'), 'session').open(cookie)).toBe('bob')
        await second.close()
      },
    )
  })
}
