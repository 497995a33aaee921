import { describe, expect, it } from 'vitest'
import { pageLanguage } from '../../../src/server/portal/pages/page-words.ts'
import { statementPage } from '../../../src/server/portal/pages/statement-page.ts'
import { statementFacts } from '../../../src/server/portal/statement-facts.ts'
import type { PortalNeeds } from '../../../src/server/portal/portal-types.ts'
import { configSchema } from '../../../src/server/config/schema.ts'
import type { ConfigInput } from '../../../src/server/config/schema.ts'
import { keptRows } from '../../../src/server/commands/kept-rows.ts'
import { speak } from '../../../src/server/text/speak-statement.ts'
import { readStatement } from '../../../src/server/text/read-statement.ts'
import { readParts } from '../../../src/server/text/statement-parts.ts'
import { installation } from '../keys/installation.ts'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'

const ONE = { id: 'example', name: 'Example & Sons', domains: ['example.com'] }
const TWO = { id: 'other', name: 'Other', domains: ['other.test'] }

interface Setting extends Partial<ConfigInput> {
  readonly running?: PortalNeeds['running']
}

/** What a page says, without its tags. */
async function textOf(path: string, setting: Setting = {}): Promise<string> {
  const page = await pageOf(path, setting)
  const words = page.slice(page.indexOf('<main')).replaceAll(/<[^>]*>/g, '')
  return words.replaceAll('&amp;', '&').replaceAll(/\s+/g, ' ')
}

async function pageOf(path: string, { running, ...input }: Setting = {}): Promise<string> {
  const { portal: given, organisations = [ONE], ...rest } = input
  const portalSettings = { url: ORIGIN, listen: '127.0.0.1:0', ...given }
  const config = configSchema.parse({ ...rest, organisations, portal: portalSettings })
  const { portal } = await testPortal({
    needs: { config, ...(running === undefined ? {} : { running }) },
  })
  return (await visitor(portal).ask(path)).text()
}

/** The first words of a sentence, up to what is configured. */
function beginOf(id: string): string {
  const sentences = readStatement('privacy').sections.flatMap(section => section.sentences)
  const [first] = readParts(sentences.find(one => one.id === id)?.text ?? '')
  if (first?.kind !== 'text') throw new RangeError(`no text begins ${id}`)
  return first.text.trim()
}

describe('the privacy statement', () => {
  it.each<[string, Setting, readonly string[], readonly string[]]>([
    [
      'a portal and its gateway in one process',
      {},
      ['one-process', 'passcode', 'audit', 'journal', 'usage-kinds', 'what-this-is', 'no-contact'],
      ['cannot-read', 'demo', 'audit-off', 'journal-off', 'usage-off', 'accounts', 'contact'],
    ],
    ['a portal of its own', { running: 'portal-alone' }, ['cannot-read'], ['one-process']],
    ['the demo', { running: 'demo' }, ['demo', 'one-process'], ['cannot-read']],
    [
      'an audit that is off',
      { audit: { enabled: false } },
      ['audit-off', 'journal'],
      ['audit', 'audit-time'],
    ],
    [
      'two factors that are demanded',
      { policy: { default: { assurance: 'mfa' } } },
      ['passcode-not-stored'],
      ['passcode'],
    ],
    ['a journal that is off', { journal: false }, ['journal-off', 'audit'], ['journal-time']],
    [
      'counting that is off',
      { telemetry: { enabled: false } },
      ['usage-off'],
      ['usage-kinds', 'usage-nobody', 'usage-small', 'usage-signals'],
    ],
    [
      'several organisations',
      { organisations: [ONE, TWO] },
      ['what-this-is-several', 'decides-several'],
      ['translation'],
    ],
  ])('of %s says what is so, and not what is not', async (_, setting, said, unsaid) => {
    const text = await textOf('/privacy?lang=en', setting)
    for (const id of said) expect(text, id).toContain(beginOf(id))
    for (const id of unsaid) expect(text, id).not.toContain(beginOf(id))
  })

  it('says what is still there after it was switched off, here or in the gateway’s file', async () => {
    const config = configSchema.parse({
      organisations: [ONE],
      portal: { url: ORIGIN, listen: '127.0.0.1:0' },
      journal: false,
      audit: { enabled: false },
    })
    const { store } = await installation()
    const { portal, here } = await testPortal({
      needs: { config, keptRows: () => keptRows({ config, store }) },
    })
    const says = async (id: string): Promise<boolean> =>
      (await (await visitor(portal).ask('/privacy?lang=en')).text()).includes(beginOf(id))
    const both = async () => [await says('journal-off'), await says('audit-off')]
    expect(await both()).toEqual([true, true])
    const nowMs = here.clockMs
    const message = { organisationId: 'example', messageId: 'A'.repeat(22) }
    const times = { createdAtMs: nowMs, expiresAtMs: nowMs + 1 }
    const people = { sender: 'alice@example.com', recipients: ['bob@example.net'] }
    await store.journal.record({ ...message, ...times, ...people, template: 'default' })
    expect(await both()).toEqual([false, true])
    const way = { event: 'released', method: 'passcode', assurance: 'mailbox' } as const
    await store.audit.append({ ...message, ...way, recipient: 'bob@example.net', atMs: nowMs })
    expect(await both()).toEqual([false, false])
    expect(await says('journal')).toBe(true)
  })

  it('names times of this installation', async () => {
    const setting = { audit: { keepDays: 30 }, store: { journalKeepDays: 7 } }
    const text = await textOf('/privacy?lang=nl', setting)
    expect(text).toContain('bewaard: 30 dagen.')
    expect(text).toContain('kept for this long: 30 days.')
    expect(text).toContain('is verlopen: 7 dagen.')
  })

  it('names the accounts that can be signed in with, those of another organisation aside', async () => {
    const providers = [
      { id: 'google', kind: 'google' as const, clientId: 'x' },
      {
        id: 'own',
        kind: 'microsoft' as const,
        name: 'Staff',
        clientId: 'x',
        organisation: 'other',
      },
    ]
    const setting = { organisations: [ONE, TWO], portal: { providers } }
    expect(await textOf('/privacy?lang=en&for=example', setting)).toContain('instead: Google.')
    expect(await textOf('/privacy?lang=en&for=other', setting)).toContain('instead: Google, Staff.')
  })

  it('names the organisation with its own addresses, and who runs the portal', async () => {
    const organisation = {
      ...ONE,
      privacyAddress: 'privacy@example.com',
      privacyPost: 'Street 1\n1000 AA Town',
      privacyPage: 'https://example.com/privacy',
    }
    const privacy = { operator: 'Hosting Ltd', contactMail: 'portal@hosting.test' }
    const setting = { organisations: [organisation], portal: { privacy } }
    const page = await pageOf('/privacy?lang=en', setting)
    expect(page).toContain('<strong><bdi>Example &amp; Sons</bdi></strong>')
    expect(page).toContain('href="mailto:privacy@example.com"')
    expect(page).toMatch(/Street 1<br \/>\s*1000 AA Town/)
    expect(page).toContain('href="https://example.com/privacy" rel="noreferrer"')
    expect(page).toContain('<bdi>Hosting Ltd</bdi> runs this site.')
    expect(page).toContain('href="mailto:portal@hosting.test"')
  })

  it('threat: names and addresses of the configuration are text, and a mail to them has no further field', async () => {
    const organisation = {
      ...ONE,
      name: '<img src=x onerror=alert(1)> \u202Egnp',
      privacyAddress: 'a?bcc=b&subject=c@example.com',
      privacyPost: '<b>Street</b> 1',
      privacyPage: 'https://example.com/?a=%22&b=1',
    }
    const page = await pageOf('/privacy?lang=en', { organisations: [organisation] })
    expect(page).not.toMatch(/<img src=x|<b>Street|\u202E/)
    expect(page).toContain('href="mailto:a%3Fbcc%3Db%26subject%3Dc@example.com"')
    expect(page).toContain('href="https://example.com/?a=%22&amp;b=1"')
  })

  it('takes the portal’s contact for the organisation’s where nobody else runs it', async () => {
    const privacy = { contactMail: 'privacy@example.com', contactPost: 'Street 1' }
    const page = await pageOf('/privacy?lang=en', { portal: { privacy } })
    expect(page).toMatch(/Example &amp; Sons<\/bdi><\/strong>[^]*privacy@example\.com[^]*Street 1/)
    expect(page.match(/<strong>/g)).toHaveLength(1)
  })

  it('speaks for one of several organisations when its message led here, and stays with it', async () => {
    const organisations = [ONE, { ...TWO, privacyAddress: 'privacy@other.test' }]
    const page = await pageOf('/privacy?lang=en&for=other', { organisations })
    expect(page).toContain('<bdi>Other</bdi> decides')
    expect(page).toContain('mailto:privacy@other.test')
    expect(page).not.toContain('Example')
    expect(page).toContain('href="/privacy?lang=nl&amp;for=other"')
    const unknown = await pageOf('/privacy?lang=en&for="><b>x', { organisations })
    expect(unknown).not.toContain('<b>x')
    expect(unknown).not.toContain('for=')
  })

  it('gives each translated sentence its original, in its own language and direction', async () => {
    const page = await pageOf('/privacy?lang=ar')
    const originals = page.match(/<p class="original" lang="en" dir="ltr">/g)?.length ?? 0
    expect(originals).toBeGreaterThan(40)
    expect(page.match(/<summary>/g)?.length).toBe(originals + 1) // and the choice of language
    const beside = await pageOf('/privacy?lang=ar&view=both')
    expect(beside.match(/class="original"/g)).toHaveLength(originals)
    expect(beside.match(/<summary>/g)).toHaveLength(1)
    expect(beside).toContain('href="/privacy?lang=ar"')
  })

  it('says when it last changed', async () => {
    const date = new Date(readStatement('privacy').updated)
    const shown = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
    expect(await textOf('/privacy?lang=en')).toContain(`Last updated: ${shown}`)
  })
})

it('a language without a translation gets the English text, and is told so in its own words', async () => {
  const { updated, title, sections } = readStatement('privacy')
  const config = configSchema.parse({ organisations: [ONE] })
  const facts = statementFacts({ config, running: 'portal-and-gateway', providers: [] }, null)
  const statement = speak({ updated, title, sections }, 'ar', undefined)
  const view = { statement, facts, path: '/privacy', kept: '', beside: false }
  const { content } = statementPage(pageLanguage('ar'), view)
  const page = String(await content)
  expect(page).toMatch(
    /<p class="soft">هذه الصفحة غير متوفرة بلغتك[^<]*<\/p>\s*<div lang="en" dir="ltr">/,
  )
  expect(page).toContain('<h1>Privacy</h1>')
  expect(page).toContain(beginOf('decrypted-here'))
  expect(page).not.toContain(beginOf('translation'))
  expect(page).not.toContain('<summary>')
})

it('the statement of accessibility is linked from every page and says whom to tell', async () => {
  const portal = { privacy: { contactMail: 'help@example.com' } }
  expect(await pageOf('/?lang=nl')).toContain('href="/accessibility?lang=nl"')
  const page = await pageOf('/accessibility?lang=nl', { portal })
  expect(page).toContain('<title>Toegankelijkheid</title>')
  expect(page).toContain('mailto:help@example.com')
})
