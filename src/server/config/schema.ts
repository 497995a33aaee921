import { z } from 'zod'
import {
  addressOrEmpty,
  certificateFingerprint,
  domain,
  duration,
  fingerprint,
  gatewayFingerprint,
  hostOrEmpty,
  hostPort,
  hostPortOrEmpty,
  locale,
  network,
  organisationId,
  originOrEmpty,
  pageOrEmpty,
  path,
  pattern,
  portalUrl,
  rootKey,
  secret,
  senderPattern,
  storeUrl,
  userPassword,
} from './fields.ts'
import { MAX_MESSAGE_BYTES } from './limits.ts'
import { provider } from './provider-schema.ts'

const port = z.number().int().min(1).max(65_535)
const tlsFiles = z.strictObject({
  certificate: path.describe('PEM file with the certificate chain'),
  key: path.describe('PEM file with the private key'),
})

const condition = z.strictObject({
  header: z.string().min(1).optional().describe('name of a header field that must be there'),
  headerMatches: pattern
    .optional()
    .describe('pattern (RE2) that the field must match; needs `header`'),
  subjectTag: z
    .string()
    .min(1)
    .optional()
    .describe('text in the subject, without regard to case, such as [secure]'),
  sender: senderPattern.optional().describe('address, or @domain'),
  user: z
    .string()
    .min(1)
    .optional()
    .describe('name under which the sender signed in to the gateway'),
})

const exemption = condition.extend({
  answers: z
    .boolean()
    .optional()
    .describe('also holds for answers in a conversation that is sealed (docs/replies.md)'),
})

const permissions = z.strictObject({
  reply: z.boolean().default(true).describe('the reader may answer, sealed'),
  forward: z.boolean().default(false).describe('the reader may pass the message on, sealed'),
  print: z
    .boolean()
    .default(true)
    .describe('the page offers to print: a hint, no software can prevent it'),
})

const organisation = z.strictObject({
  id: organisationId.describe('stable name inside keys and records; never change it'),
  name: z.string().min(1).max(200).describe('what readers see'),
  domains: z
    .array(domain)
    .min(1)
    .describe('domains of the organisation; mail among them stays as it is'),
  replyDomain: hostOrEmpty
    .default('')
    .describe(
      'domain of the addresses that stand for people outside who answered; empty: `replies.` and the first domain; routed to the gateway (docs/deploy.md)',
    ),
  formerReplyDomains: z
    .array(domain)
    .default([])
    .describe(
      'what `replyDomain` was before: what people outside wrote then is still opened and answered, and their old addresses still lead to them',
    ),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'write a colour as #rrggbb')
    .default('#8c2f28')
    .describe('colour of buttons and the seal'),
  logo: path.default('').describe('PNG or SVG file, at most 12,000 bytes; empty: none'),
  locale: locale.default('en').describe('language of the notice'),
  subject: z
    .string()
    .max(500)
    .default('')
    .describe(
      "subject of the wrapper mail; {sender} stands for the sender; empty: the locale's own",
    ),
  privacyAddress: addressOrEmpty
    .default('')
    .describe("the organisation's own address for questions about privacy"),
  privacyPost: z
    .string()
    .max(1000)
    .default('')
    .describe('its postal address for them, a line for each line'),
  privacyPage: pageOrEmpty.default('').describe('https:// address of its own privacy statement'),
  escrowRecipients: z
    .array(z.string())
    .default([])
    .describe('age recipients that can open every message (age1pq1…)'),
  allowClassicalEscrow: z
    .boolean()
    .default(false)
    .describe('allow age1… escrow recipients; such files are not post-quantum'),
})

const nextHop = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('name or address of the mail server'),
  port: port.default(10_026).describe('its port'),
  tls: z
    .enum(['none', 'opportunistic', 'required', 'implicit'])
    .default('opportunistic')
    .describe(
      '`opportunistic`: STARTTLS when it is offered, whatever the certificate; `required`: STARTTLS with a checked certificate; `implicit`: TLS from the first byte, checked',
    ),
  serverName: hostOrEmpty.default('').describe('name in the certificate; empty: `host`'),
  ca: path
    .default('')
    .describe('PEM file of the authority to trust besides the usual ones; empty: none'),
  clientCertificate: tlsFiles.optional().describe('certificate to show to the mail server'),
  user: z.string().default('').describe('name for AUTH; empty: none'),
  password: secret.optional().describe('password for AUTH, as a secret'),
  heloName: hostOrEmpty.default('').describe("name in EHLO; empty: the machine's name"),
})

const user = z.strictObject({
  name: z.string().min(1).describe('name for AUTH'),
  password: userPassword.describe('a secret, or a hash `scrypt:…`'),
  organisation: organisationId.describe('id of the organisation it sends for'),
  senders: z
    .array(senderPattern)
    .default([])
    .describe('addresses or @domains it may send from; empty: all of the organisation'),
})

const tenant = z.strictObject({
  organisation: organisationId.describe('id of the organisation that the mail belongs to'),
  network: network.optional().describe('network of the relay; needed with `header`'),
  header: z
    .string()
    .min(1)
    .optional()
    .describe('field that the relay sets itself, such as X-MS-Exchange-CrossTenant-Id'),
  value: z.string().min(1).optional().describe('what the field says; needed with `header`'),
  clientCertificate: certificateFingerprint
    .optional()
    .describe("SHA-256 fingerprint of the relay's certificate, hex"),
})

const gateway = z.strictObject({
  listen: z
    .array(hostPort)
    .default(['127.0.0.1:2525'])
    .describe('HOST:PORT for mail of your own, with STARTTLS when `gateway.tls` is set'),
  listenTls: z.array(hostPort).default([]).describe('HOST:PORT with TLS from the first byte'),
  listenReports: z
    .array(hostPort)
    .default([])
    .describe(
      'HOST:PORT for mail from outside to reply domains (`organisations.replyDomain`): delivery reports alone are taken there',
    ),
  hostname: hostOrEmpty.default('').describe("name in the greeting; empty: the machine's name"),
  tls: tlsFiles.optional().describe('certificate of the gateway'),
  allowedNetworks: z
    .array(network)
    .default(['127.0.0.0/8', '::1/128'])
    .describe('networks that may send without AUTH'),
  users: z.array(user).default([]).describe('who may send with AUTH, over TLS'),
  tenants: z.array(tenant).default([]).describe('who a shared relay may bring mail for'),
  trustNetworks: z
    .boolean()
    .default(true)
    .describe(
      'a sender in `allowedNetworks` belongs to any organisation; false for a relay that is shared by many tenants',
    ),
  nextHop: nextHop.prefault({}).describe('where every mail goes'),
  maxMessageBytes: z
    .number()
    .int()
    .positive()
    .max(MAX_MESSAGE_BYTES)
    .default(25 * 1024 * 1024)
    .describe('bytes of an original mail; at most 150 MiB'),
  maxConnections: z.number().int().positive().default(200).describe('connections at once'),
  rootKey: rootKey
    .default('file:gateway.key')
    .describe("wraps the gateway's keys; another than the portal's"),
  trustedPortal: fingerprint
    .default('')
    .describe("fingerprint of the portal's certifying key; written by `zegel init`"),
  replies: z
    .strictObject({
      listen: hostPortOrEmpty
        .default('')
        .describe(
          'HOST:PORT where the portal hands over answers, over TLS with `gateway.tls` unless it is of this machine alone; empty: only for a portal in the same process',
        ),
    })
    .prefault({})
    .describe('answers written in the portal: docs/replies.md'),
})

const policy = z.strictObject({
  default: z
    .strictObject({
      expires: duration
        .default('365d')
        .describe('when a message can no longer be opened: `12h`, `30d`, `never`'),
      assurance: z
        .enum(['mailbox', 'account', 'mfa'])
        .default('mailbox')
        .describe('how strongly a reader must have proven the address'),
      permissions: permissions.prefault({}).describe('what the reader may do'),
    })
    .prefault({})
    .describe('for every message'),
  seal: z.array(condition).default([]).describe('sealed although every recipient is inside'),
  pass: z
    .array(exemption)
    .default([])
    .describe('sent unsealed to outside; each needs `sender` and `user`'),
  refuse: z.array(condition).default([]).describe('answered with 550 5.7.1'),
  doNotForward: z
    .array(condition)
    .default([])
    .describe('sealed without the permissions to forward and to print, whatever else holds'),
  mayForward: z
    .array(condition)
    .default([])
    .describe('sealed with the permission to forward, unless `doNotForward` holds'),
})

const portal = z.strictObject({
  url: portalUrl.default('http://localhost:8080').describe('canonical public address'),
  aliases: z.array(domain).default([]).describe('old host names that lead to the canonical one'),
  listen: hostPort.default('127.0.0.1:8080').describe('HOST:PORT'),
  tls: tlsFiles.optional().describe('certificate of the portal; none behind a proxy'),
  trustedProxies: z
    .array(network)
    .default([])
    .describe('networks whose X-Forwarded-For is believed'),
  maxPostedBytes: z
    .number()
    .int()
    .positive()
    .default(8 * 1024 * 1024)
    .describe('bytes of an envelope that is posted; larger ones are picked in the browser'),
  postedBudgetBytes: z
    .number()
    .int()
    .positive()
    .default(256 * 1024 * 1024)
    .describe('bytes of posted envelopes in memory at once'),
  rootKey: rootKey
    .default('file:portal.key')
    .describe("wraps the portal's keys; another than the gateway's"),
  trustedGateways: z
    .array(gatewayFingerprint)
    .default([])
    .describe(
      "fingerprints of the gateways' certifying keys, without which no signing key is believed; written by `zegel init`; empty: only for a process that is the gateway too",
    ),
  metrics: hostPortOrEmpty.default('').describe('HOST:PORT of /metrics; empty: off'),
  replies: originOrEmpty
    .default('')
    .describe(
      "address of the gateway's `gateway.replies.listen`, when it is another process; empty: the gateway of this process, or no answers",
    ),
  repliesCa: path
    .default('')
    .describe('PEM file of the authority to trust there besides the usual ones; empty: none'),
  mail: z
    .strictObject({
      from: addressOrEmpty
        .default('')
        .describe('address of passcode mails; empty: no-reply@ the first domain'),
      relay: nextHop
        .prefault({})
        .describe("where passcode mails go; never through the gateway's sealing"),
    })
    .prefault({})
    .describe("the portal's own mail"),
  providers: z
    .array(provider)
    .default([])
    .describe('accounts that readers may sign in with: docs/providers.md'),
  privacy: z
    .strictObject({
      operator: z
        .string()
        .max(200)
        .default('')
        .describe('who runs the portal, when it is not the organisation itself'),
      contactMail: addressOrEmpty
        .default('')
        .describe('address in the statements on privacy and accessibility'),
      contactPost: z.string().max(1000).default('').describe('postal address in them'),
    })
    .prefault({})
    .describe('who answers for the portal'),
})

/** zegel.yaml, with every default. docs/configuration.md and docs/zegel.schema.json are generated from this. */
export const configSchema = z.strictObject({
  organisations: z.array(organisation).min(1).describe('who sends sealed mail'),
  gateway: gateway.prefault({}).describe('mail in, sealed mail out'),
  policy: policy.prefault({}).describe('what is sealed, and who may open it until when'),
  portal: portal.prefault({}).describe('where readers open their mail'),
  store: z
    .strictObject({
      url: storeUrl
        .default('sqlite:zegel.db')
        .describe(
          '`sqlite:PATH`, or `postgres://USER@HOST/DATABASE` for several processes or hosts',
        ),
      password: secret.optional().describe('password for PostgreSQL, as a secret'),
      journalKeepDays: z
        .number()
        .int()
        .positive()
        .default(90)
        .describe('days that a journal row outlives its message'),
    })
    .prefault({})
    .describe('the database'),
  journal: z
    .boolean()
    .default(true)
    .describe('remember who was sent which message (needed to list and revoke by message)'),
  audit: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('remember who opened, answered or forwarded what, when, how signed in'),
      keepDays: z.number().int().positive().default(90).describe('days that a row is kept'),
    })
    .prefault({})
    .describe('the record of openings and answers'),
  telemetry: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('keep daily counts of mails, openings, browsers and errors, without any name'),
    })
    .prefault({})
    .describe('what is counted; nothing of it leaves the installation'),
})

export type Config = z.infer<typeof configSchema>
/** As a person writes it: what has a default may be left out. */
export type ConfigInput = z.input<typeof configSchema>
export type OrganisationConfig = Config['organisations'][number]
export type NextHopConfig = Config['gateway']['nextHop']
export type ProviderConfig = Config['portal']['providers'][number]
/** A rule under `policy.pass`. */
export type ExemptionConfig = Config['policy']['pass'][number]
export type ConditionConfig = Config['policy']['seal'][number]
