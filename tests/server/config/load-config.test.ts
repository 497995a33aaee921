import { generateIdentity, generateHybridIdentity, identityToRecipient } from 'age-encryption'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/server/config/config-error.ts'
import type { Environment } from '../../../src/server/config/environment.ts'
import { loadConfig, parseConfig } from '../../../src/server/config/load-config.ts'

const FILE = '/etc/zegel/zegel.yaml'
const ORGANISATION = 'organisations: [{ id: example, name: Example, domains: [example.com] }]\n'

const parse = (text: string, environment: Environment = {}) =>
  parseConfig(ORGANISATION + text, FILE, environment)

/** The lines of what is wrong. */
function problemsOf(text: string, environment: Environment = {}): readonly string[] {
  try {
    parseConfig(text, FILE, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
}

const wrong = (text: string, environment?: Environment) =>
  problemsOf(ORGANISATION + text, environment)

const TLS = 'tls: { certificate: a.pem, key: b.pem }'

describe('a configuration', () => {
  it('needs an organisation and has a default for everything else', () => {
    const config = parse('')
    expect(config.gateway.listen).toEqual(['127.0.0.1:2525'])
    expect(config.policy.default).toEqual({
      expires: '365d',
      assurance: 'mailbox',
      permissions: { reply: true, forward: false, print: true },
    })
    expect(config.portal.mail.relay.port).toBe(10_026)
  })

  it('takes a section whose lines are all commented out as empty', () => {
    expect(parse('gateway:\n  # listen: []\npolicy:\n  seal:\n')).toEqual(parse(''))
  })

  it('makes every path absolute, relative to the folder of the file', () => {
    const config = parse(
      `gateway: { ${TLS}, rootKey: passphrase-file:keys/pass, users: [{ name: a, password: 'file:pw', organisation: example }] }\n` +
        'portal: { mail: { relay: { user: u, password: file:/run/pw, ca: ca.pem } } }\n' +
        'store: { url: sqlite:data/zegel.db }\n',
    )
    expect(config.gateway.tls).toEqual({
      certificate: '/etc/zegel/a.pem',
      key: '/etc/zegel/b.pem',
    })
    expect(config.gateway.rootKey).toBe('passphrase-file:/etc/zegel/keys/pass')
    expect(config.gateway.users[0]?.password).toBe('file:/etc/zegel/pw')
    expect(config.portal.rootKey).toBe('file:/etc/zegel/portal.key')
    expect(config.portal.mail.relay.password).toBe('file:/run/pw')
    expect(config.portal.mail.relay.ca).toBe('/etc/zegel/ca.pem')
    expect(config.organisations[0]?.logo).toBe('')
    expect(config.store.url).toBe('sqlite:/etc/zegel/data/zegel.db')
  })

  it('leaves a database in memory and PostgreSQL alone', () => {
    expect(parse('store: { url: "sqlite::memory:" }').store.url).toBe('sqlite::memory:')
    expect(parse('store: { url: postgres://db/zegel }').store.url).toBe('postgres://db/zegel')
  })
})

describe('errors', () => {
  it('are all said at once, a line each: file and line, path, what is wrong, what to do', () => {
    const text =
      'organisations:\n  - id: Example\n    name: Example\n    domains: []\n    lgo: x.png\n' +
      'gateway:\n  nextHop:\n    prot: 25\n    port: many\n    tls: maybe\nportl: {}\n'
    expect(problemsOf(text).toSorted()).toEqual([
      `${FILE}:10: gateway.nextHop.tls: "maybe" is not known: write one of none, opportunistic, required, implicit`,
      `${FILE}:11: portl: unknown key: did you mean portal?`,
      `${FILE}:2: organisations[0].id: "Example" does not fit: write 1 to 63 lower-case letters, digits and hyphens, such as example`,
      `${FILE}:4: organisations[0].domains: the list is empty: add an entry`,
      `${FILE}:5: organisations[0].lgo: unknown key: did you mean organisations[0].logo?`,
      `${FILE}:8: gateway.nextHop.prot: unknown key: did you mean gateway.nextHop.port?`,
      `${FILE}:9: gateway.nextHop.port: "many" is not a number: write a number`,
    ])
  })

  it('name the keys there are when none is near', () => {
    expect(wrong('audit: { xylophone: 1 }')).toEqual([
      `${FILE}:2: audit.xylophone: unknown key: remove it, or write one of enabled, keepDays`,
    ])
  })

  it('say what is missing', () => {
    expect(problemsOf('')).toEqual([`${FILE}: organisations: missing: write a list`])
    expect(problemsOf('organisations: [{ id: a, domains: [a.test] }]')).toEqual([
      `${FILE}:1: organisations[0].name: missing: write a text`,
    ])
  })

  it('say where a file is no YAML', () => {
    expect(problemsOf('organisations: [\n')[0]).toMatch(/^\/etc\/zegel\/zegel\.yaml:\d: not YAML: /)
    expect(problemsOf('a: 1\na: 2\n')[0]).toContain(
      'not YAML: this key stands in its section already',
    )
    expect(problemsOf('just words')[0]).toContain('is not a section of keys')
  })

  it('say that there is no file', async () => {
    await expect(loadConfig('/nowhere/zegel.yaml', {})).rejects.toThrow(
      '/nowhere/zegel.yaml: there is no such file: write one with zegel init',
    )
  })

  it('stop a file of aliases that grow without end, and one that is too large', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
      .map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
      .join('\n')}`
    expect(problemsOf(bomb)[0]).toContain('not a configuration')
    expect(problemsOf(`#${'x'.repeat(1024 * 1024)}`)[0]).toContain('larger than 1 MiB')
  })

  it('are never anything but lines about the configuration, whatever the file says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        expect(Array.isArray(problemsOf(text))).toBe(true)
        expect(Array.isArray(wrong(text))).toBe(true)
      }),
    )
  })

  it('come from any JSON value in any place, never from a surprise', () => {
    const places = ['organisations', 'gateway', 'policy', 'portal', 'store', 'journal', 'audit']
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const rest = place === 'organisations' ? {} : { organisations: [{}] }
        expect(Array.isArray(problemsOf(JSON.stringify({ ...rest, [place]: value })))).toBe(true)
      }),
    )
  })
})

describe('single values', () => {
  it.each([
    ['portal: { url: https://mail.example.com/ }', 'portal.url', 'with no path'],
    ['portal: { url: https://mail.example.com/x }', 'portal.url', 'with no path'],
    ['portal: { url: http://mail.example.com }', 'portal.url', 'http:// is for localhost alone'],
    ['portal: { url: mail.example.com }', 'portal.url', 'write https://HOST'],
    ['portal: { listen: "8080" }', 'portal.listen', 'write HOST:PORT'],
    ['portal: { listen: "[::1]:99999" }', 'portal.listen', 'write HOST:PORT'],
    ['portal: { trustedProxies: [10.0.0.0/33] }', 'portal.trustedProxies[0]', 'write a network'],
    ['gateway: { allowedNetworks: [everyone] }', 'gateway.allowedNetworks[0]', 'write a network'],
    ['gateway: { maxMessageBytes: 157286401 }', 'gateway.maxMessageBytes', 'at most 157286400'],
    ['gateway: { maxMessageBytes: 1.5 }', 'gateway.maxMessageBytes', 'a whole number'],
    ['gateway: { rootKey: gateway.key }', 'gateway.rootKey', 'write file:PATH'],
    ['gateway: { trustedPortal: abc }', 'gateway.trustedPortal', '64 hexadecimal digits'],
    ['gateway: { nextHop: { password: hunter2 } }', 'gateway.nextHop.password', 'file:PATH'],
    ['policy: { default: { expires: 0d } }', 'policy.default.expires', 'at most 731d'],
    ['policy: { default: { expires: 732d } }', 'policy.default.expires', 'at most 731d'],
    ['policy: { default: { expires: soon } }', 'policy.default.expires', 'at most 731d'],
    ['policy: { refuse: [{ header: X, headerMatches: "(?=a)" }] }', 'headerMatches', 'RE2'],
    ['portal: { mail: { from: Alice@Example.com } }', 'portal.mail.from', 'lower case'],
    ['store: { url: zegel.db }', 'store.url', 'write sqlite:PATH'],
  ])('are checked: %s', (text, path, advice) => {
    const lines = wrong(text)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`${path}: `)
    expect(lines[0]).toContain(advice)
  })

  it.each(['Example.com', 'münchen.test', 'example', 'a..b', '', 'example.com.'])(
    'take no domain like %s, or take it as it stands',
    domain => {
      const lines = problemsOf(
        JSON.stringify({ organisations: [{ id: 'a', name: 'A', domains: [domain] }] }),
      )
      expect(lines.length === 0).toBe(domain === 'example')
    },
  )
})

describe('what does not fit together', () => {
  it('is a domain in two organisations, or twice in one', () => {
    const two = [
      { id: 'a', name: 'A', domains: ['a.test', 'shared.test'] },
      { id: 'b', name: 'B', domains: ['shared.test', 'b.test', 'b.test'] },
    ]
    const lines = problemsOf(JSON.stringify({ organisations: two }))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('organisations[1].domains[0]: shared.test stands there twice')
    expect(lines[1]).toContain('organisations[1].domains[2]: b.test stands there twice')
  })

  it('is an id of two organisations', () => {
    const two = ['a.test', 'b.test'].map(domain => ({ id: 'a', name: 'A', domains: [domain] }))
    expect(problemsOf(JSON.stringify({ organisations: two }))[0]).toContain(
      'organisations[1].id: a is the id of another organisation',
    )
  })

  it('is a classical escrow recipient without leave, or one that is none', async () => {
    const classical = await identityToRecipient(await generateIdentity())
    const hybrid = await identityToRecipient(await generateHybridIdentity())
    const escrow = (recipients: readonly string[], allowClassicalEscrow: boolean) =>
      problemsOf(
        JSON.stringify({
          organisations: [
            {
              id: 'a',
              name: 'A',
              domains: ['a.test'],
              escrowRecipients: recipients,
              allowClassicalEscrow,
            },
          ],
        }),
      )
    expect(escrow([hybrid], false)).toEqual([])
    expect(escrow([classical, hybrid], true)).toEqual([])
    expect(escrow([classical], false)[0]).toContain('set allowClassicalEscrow: true')
    for (const none of ['age1', 'age1pq1', `${classical.slice(0, -1)}b`, 'age1yubikey1qqqq', 'x'])
      expect(escrow([none], true)[0]).toContain('not an age recipient')
  })

  it('is one root key for both roles', () => {
    expect(wrong('gateway: { rootKey: file:a.key }\nportal: { rootKey: file:a.key }')[0]).toContain(
      'portal.rootKey: is the gateway',
    )
  })

  it('is a listener or a password without TLS', () => {
    expect(wrong('gateway: { listenTls: ["0.0.0.0:465"] }')[0]).toContain('set gateway.tls')
    const users = 'users: [{ name: a, password: env:A, organisation: example }]'
    expect(wrong(`gateway: { ${users} }`)[0]).toContain('over TLS alone')
    expect(wrong(`gateway: { ${users}, ${TLS} }`)).toEqual([])
    const hop = (fields: string) => wrong(`gateway: { nextHop: { ${fields} } }`)
    expect(hop('user: a')[0]).toContain('user and password go together')
    expect(hop('host: m.test, user: a, password: env:A')[0]).toContain('could be read on the way')
    expect(hop('host: m.test, user: a, password: env:A, tls: required')).toEqual([])
    expect(hop('user: a, password: env:A')).toEqual([])
  })

  it('is a user of no organisation, with a foreign sender, or twice', () => {
    const user = (fields: string) =>
      wrong(`gateway: { ${TLS}, users: [{ name: a, password: env:A, ${fields} }] }`)
    expect(user('organisation: exmaple')[0]).toContain('did you mean example?')
    expect(user('organisation: example, senders: ["@example.com", a@example.com]')).toEqual([])
    expect(user('organisation: example, senders: ["@other.test"]')[0]).toContain(
      '@other.test is not of example: its domains are example.com',
    )
    const twice = '{ name: a, password: env:A, organisation: example }'
    expect(wrong(`gateway: { ${TLS}, users: [${twice}, ${twice}] }`)[0]).toContain(
      'a is the name of another user',
    )
  })

  it('threat: EchoSpoofing: is a tenant that a network alone, or a header alone, would prove', () => {
    const tenant = (fields: string) =>
      wrong(`gateway: { tenants: [{ organisation: example, ${fields} }] }`)
    expect(tenant('network: 192.0.2.0/24')[0]).toContain('a network alone proves nothing')
    expect(tenant('header: X-Tenant, value: a')[0]).toContain('anyone can write a header')
    expect(tenant('header: X-Tenant, network: 192.0.2.0/24')[0]).toContain('go together')
    expect(tenant('header: X-Tenant, value: a, network: 192.0.2.0/24')).toEqual([])
    expect(tenant(`clientCertificate: ${'ab'.repeat(32)}`)).toEqual([])
  })

  it('threat: a header that switches sealing off: is a pass rule without sender and user', () => {
    const rule = (rules: string) =>
      wrong(
        `gateway: { ${TLS}, users: [{ name: news, password: env:A, organisation: example }] }\n` +
          `policy: { ${rules} }`,
      )
    expect(rule('pass: [{ sender: news@example.com, user: news }]')).toEqual([])
    for (const pass of ['header: X-Plain', 'sender: news@example.com', 'user: news'])
      expect(rule(`pass: [{ ${pass} }]`)[0]).toContain('write sender and user')
    expect(rule('pass: [{ sender: news@example.com, user: nwes }]')[0]).toContain(
      'no user is called nwes: did you mean news?',
    )
    expect(rule('seal: [{}]')[0]).toContain('would match every mail')
    expect(rule('seal: [{ headerMatches: a }]')[0]).toContain('write header')
  })

  it('is a relay that would seal the passcode', () => {
    expect(wrong('portal: { mail: { relay: { port: 2525 } } }')[0]).toContain(
      'portal.mail.relay: is the gateway, which would seal the passcode',
    )
  })

  it('is an alias that is the canonical host, and a budget below one envelope', () => {
    expect(wrong('portal: { url: https://m.example.com, aliases: [m.example.com] }')[0]).toContain(
      'is among portal.aliases too',
    )
    expect(wrong('portal: { postedBudgetBytes: 1000 }')[0]).toContain('portal.postedBudgetBytes')
  })
})

describe('the environment', () => {
  it('wins over the file, for any single value', () => {
    const config = parse('gateway: { nextHop: { port: 26 } }', {
      ZEGEL_GATEWAY_NEXTHOP_PORT: '27',
      ZEGEL_PORTAL_URL: 'https://mail.example.com',
      ZEGEL_JOURNAL: 'false',
      ZEGEL_POLICY_DEFAULT_PERMISSIONS_FORWARD: 'true',
      ZEGEL_ORGANISATIONS_0_NAME: 'Other',
      PATH: '/bin',
    })
    expect(config.gateway.nextHop.port).toBe(27)
    expect(config.portal.url).toBe('https://mail.example.com')
    expect(config.journal).toBe(false)
    expect(config.policy.default.permissions.forward).toBe(true)
    expect(config.organisations[0]).toMatchObject({ id: 'example', name: 'Other' })
  })

  it('can hold the whole configuration', () => {
    const organisations = [{ id: 'a', name: 'A', domains: ['a.test'] }]
    const environment = { ZEGEL_ORGANISATIONS: JSON.stringify(organisations) }
    expect(parseConfig('', FILE, environment).organisations[0]?.id).toBe('a')
  })

  it('writes lists with commas or as JSON', () => {
    const listen = (text: string) => parse('', { ZEGEL_GATEWAY_LISTEN: text }).gateway.listen
    expect(listen('127.0.0.1:25, [::1]:25')).toEqual(['127.0.0.1:25', '[::1]:25'])
    expect(listen('["127.0.0.1:25"]')).toEqual(['127.0.0.1:25'])
    expect(listen('')).toEqual([])
    expect(parse('', { ZEGEL_POLICY_REFUSE: '[{"subjectTag":"[x]"}]' }).policy.refuse).toEqual([
      { subjectTag: '[x]' },
    ])
  })

  it('is named in errors instead of the file', () => {
    expect(
      wrong('gateway: { maxConnections: 5 }', { ZEGEL_GATEWAY_MAXCONNECTIONS: 'many' }),
    ).toEqual([
      'ZEGEL_GATEWAY_MAXCONNECTIONS: gateway.maxConnections: "many" is not a number: write a number',
    ])
    expect(wrong('', { ZEGEL_GATEWAY_USERS: 'a,b' })[0]).toContain('ZEGEL_GATEWAY_USERS: not JSON')
    expect(wrong('', { ZEGEL_ORGANISATIONS_5_NAME: 'x' })[0]).toContain('without gaps')
  })

  it('has no unknown settings, and names the nearest', () => {
    expect(wrong('', { ZEGEL_PORTL_URL: 'https://a.test' })).toEqual([
      'ZEGEL_PORTL_URL: unknown setting: did you mean ZEGEL_PORTAL_URL?',
    ])
    expect(wrong('', { ZEGEL_GATEWAY_NEXTHOP_PRT: '1' })).toEqual([
      'ZEGEL_GATEWAY_NEXTHOP_PRT: unknown setting: did you mean ZEGEL_GATEWAY_NEXTHOP_PORT?',
    ])
    expect(wrong('', { ZEGEL_XYZZY: '1' })[0]).toContain('unknown setting: remove it')
  })

  it('may hold the demo’s ports and the secrets that the file names', () => {
    expect(
      wrong('gateway: { nextHop: { user: u, password: env:ZEGEL_HOP_PASSWORD } }', {
        ZEGEL_HOP_PASSWORD: 'secret',
        ZEGEL_DEMO_SMTP_PORT: '2526',
      }),
    ).toEqual([])
    expect(wrong('', { ZEGEL_HOP_PASSWORD: 'secret' })).toHaveLength(1)
  })

  it('never shows a secret in an error', () => {
    const lines = wrong('', { ZEGEL_HOP_PASSWORD: 'hunter2', ZEGEL_GATEWAY_USERS: 'hunter2' })
    expect(lines.join('\n')).not.toContain('hunter2')
  })

  it('numbers the entries of a list as people count, also above nine', () => {
    const listen = Array.from({ length: 12 }, (_, index) => `127.0.0.1:${2500 + index}`)
    const variables = listen.map((text, index) => [`ZEGEL_GATEWAY_LISTEN_${index}`, text])
    const environment = { ...Object.fromEntries(variables), ZEGEL_GATEWAY: '{"hostname":"a.test"}' }
    expect(wrong('', environment)).toEqual([])
  })
})

describe('threat: a foreign issuer under the rules of Microsoft or Google', () => {
  const issuer = (kind: string, url: string) =>
    wrong(`portal: { providers: [{ id: x, kind: ${kind}, clientId: c, issuer: '${url}' }] }`)

  it.each([
    ['microsoft', 'https://login.evil.example/common/v2.0', 'Microsoft'],
    ['microsoft', 'https://login.microsoftonline.com.evil.example/common/v2.0', 'Microsoft'],
    ['microsoft', 'https://login.microsoftonline.com:8443/common/v2.0', 'Microsoft'],
    ['microsoft', 'https://accounts.google.com', 'Microsoft'],
    ['google', 'https://login.microsoftonline.com/common/v2.0', 'Google'],
    ['google', 'https://accounts.google.com/x', 'Google'],
    ['google', 'https://accounts.google.com.evil.example', 'Google'],
  ])('%s at %s is refused', (kind, url, owner) => {
    expect(issuer(kind, url).join()).toContain(
      `issuer: is not of ${owner}: for another provider write kind: openid`,
    )
  })

  it.each([
    ['microsoft', 'https://login.microsoftonline.com/organizations/v2.0'],
    ['microsoft', 'https://login.microsoftonline.us/common/v2.0'],
    ['google', 'https://accounts.google.com'],
    ['google', 'http://127.0.0.1:8082/google'],
    ['openid', 'https://login.evil.example/common/v2.0'],
  ])('%s at %s is taken', (kind, url) => {
    expect(issuer(kind, url)).toEqual([])
  })
})
