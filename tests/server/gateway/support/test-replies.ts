import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { parseAddress } from '../../../../src/core/address/address.ts'
import type { Address } from '../../../../src/core/address/address.ts'
import { u32 } from '../../../../src/core/envelope/bytes.ts'
import { readAgeHeader } from '../../../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../../../src/core/envelope/read-message-html.ts'
import { encodeRecord } from '../../../../src/core/envelope/record.ts'
import type { Policy } from '../../../../src/core/policy/policy.ts'
import { writeHandOver } from '../../../../src/core/reply/hand-over.ts'
import type { HandOver } from '../../../../src/core/reply/hand-over.ts'
import { writeReplyHead } from '../../../../src/core/reply/reply-head.ts'
import type { ReplyHead, ReplyPart } from '../../../../src/core/reply/reply-head.ts'
import { replyDomainsOf } from '../../../../src/server/config/reply-domain.ts'
import { configSchema } from '../../../../src/server/config/schema.ts'
import { createGateway } from '../../../../src/server/gateway/gateway.ts'
import type { Gateway, GatewayNeeds } from '../../../../src/server/gateway/gateway.ts'
import type { ReplyLimits } from '../../../../src/server/gateway/replies/limits.ts'
import { openGatewayCertifier } from '../../../../src/server/keys/gateway-certifier.ts'
import { openGatewayKeys } from '../../../../src/server/keys/gateway-keys.ts'
import type { GatewayKeys } from '../../../../src/server/keys/gateway-keys.ts'
import { openPortalKeys } from '../../../../src/server/keys/portal-keys.ts'
import type { PortalKeys, SignHandOver } from '../../../../src/server/keys/portal-keys.ts'
import { overridesOf } from '../../../../src/server/keys/release-key.ts'
import { rootKey } from '../../../../src/server/keys/root-key.ts'
import { openStore } from '../../../../src/server/store/open-store.ts'
import type { Store } from '../../../../src/server/store/store.ts'
import { createLog } from '../../../../src/server/telemetry/log.ts'
import { messageHtml } from './test-keys.ts'

export const DAY_MS = 86_400_000

export function address(text: string): Address {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`no address: ${text}`)
  return parsed
}

export const ALICE = address('alice@example.com')
export const DAVE = address('dave@example.com')
export const BOB = address('bob@outside.test')
export const CAROL = address('carol@else.test')
export const EVE = address('eve@evil.test')

/** Keys and database of one installation, with an escrow key by which a test reads what was sealed. */
export interface ReplyKeys {
  readonly store: Store
  readonly gateway: GatewayKeys
  readonly portal: PortalKeys
  readonly organisations: readonly TestOrganisation[]
  readonly open: (wrapper: Uint8Array) => Promise<Buffer>
  /** What the portal reads of a sealed mail. */
  readonly policyIn: (wrapper: Uint8Array) => Promise<Policy>
}

interface TestOrganisation {
  readonly id: string
  readonly name: string
  readonly domains: string[]
  readonly replyDomain: string
  readonly formerReplyDomains: string[]
  readonly escrowRecipients: string[]
  readonly allowClassicalEscrow: boolean
}

export function testOrganisations(escrowRecipients: string[] = []): readonly TestOrganisation[] {
  const organisation = (id: string, domains: string[]): TestOrganisation => ({
    id,
    name: `The ${id}`,
    domains,
    replyDomain: `replies.${domains[0] ?? ''}`,
    formerReplyDomains: [`answers.${domains[0] ?? ''}`],
    escrowRecipients,
    allowClassicalEscrow: true,
  })
  return [
    organisation('example', ['example.com', 'example.net']),
    organisation('other', ['other.test']),
  ]
}

/** @param gatewayRoot lets another process open the same keys */
export async function makeReplyKeys(
  store?: Store,
  gatewayRoot = rootKey(randomBytes(32)),
): Promise<ReplyKeys> {
  const escrow = await generateX25519Identity()
  const organisations = testOrganisations([await identityToRecipient(escrow)])
  const opened = store ?? (await openStore('sqlite::memory:'))
  const keys = opened.organisationKeys
  const common = { store: opened, organisations, clock: Date.now }
  const certifier = await openGatewayCertifier({ ...common, keys, rootKey: gatewayRoot })
  const portal = await openPortalKeys({
    ...common,
    organisations: organisations.map(each => ({ ...each, replyDomains: replyDomainsOf(each) })),
    rootKey: rootKey(randomBytes(32)),
    trustedGateways: [certifier.fingerprint],
  })
  const trustedPortal = portal.fingerprint()
  const gateway = await openGatewayKeys({ ...common, rootKey: gatewayRoot, trustedPortal })
  const ageFileIn = (wrapper: Uint8Array): Uint8Array =>
    readMessageHtml(messageHtml(wrapper)).ageFile
  return {
    store: opened,
    gateway,
    portal,
    organisations,
    open: async wrapper => {
      const decrypter = new Decrypter()
      decrypter.addIdentity(escrow)
      return Buffer.from(await decrypter.decrypt(ageFileIn(wrapper)))
    },
    policyIn: async wrapper => {
      const stanza = await portal.openStanza(readAgeHeader(ageFileIn(wrapper)).stanzaText)
      if (!stanza.ok) throw new Error(stanza.code)
      return stanza.record.policy
    },
  }
}

export interface ReplyGatewayOptions {
  readonly keys: Pick<ReplyKeys, 'store' | 'gateway' | 'organisations'>
  readonly nextHopPort: number
  readonly replyLimits?: Partial<ReplyLimits>
  readonly limits?: GatewayNeeds['limits']
  readonly maxMessageBytes?: number
  readonly policy?: object
  /** More of `gateway` in the configuration. */
  readonly listening?: object
  readonly journal?: boolean
  readonly audit?: boolean
  /** Multiplies what one writer may do. */
  readonly limitScale?: number
  readonly clock?: () => number
}

export interface ReplyGateway {
  readonly gateway: Gateway
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly log: readonly string[]
  close(): Promise<void>
}

/** A gateway with real keys and a real store that takes hand-overs on a free port. */
export async function startReplyGateway(options: ReplyGatewayOptions): Promise<ReplyGateway> {
  const { keys, clock = Date.now } = options
  const { store, gateway: own } = keys
  const log: string[] = []
  const gateway = await createGateway({
    config: configOf(options),
    materialFor: (organisation, expiresAtMs, nowMs) =>
      own.materialFor(organisation, expiresAtMs, nowMs),
    mac: data => own.mac(data),
    store,
    readSecret: reference => Promise.resolve(reference),
    clock,
    log: createLog({ write: line => log.push(line), clock: Date.now }),
    limits: { closeMs: 300, ...options.limits },
    replyLimits: { sameEveryMs: 20, ...options.replyLimits },
    replies: {
      portalVerifier: () => own.portalVerifier(),
      readRecord: own.readRecord,
      replyIdentity: recipient => own.replyIdentity(recipient),
      overridesOf: policy => overridesOf(store.overrides, policy),
      audit: options.audit === false ? null : store.audit,
      portalIsHere: true,
      limitScale: options.limitScale ?? 1,
    },
  })
  await gateway.listen()
  return { gateway, url: gateway.repliesAt() ?? '', log, close: () => gateway.close() }
}

function configOf(options: ReplyGatewayOptions) {
  const { keys, nextHopPort, maxMessageBytes, policy, listening = {}, journal } = options
  return configSchema.parse({
    organisations: keys.organisations,
    gateway: {
      listen: ['127.0.0.1:0'],
      hostname: 'gateway.test',
      nextHop: { host: '127.0.0.1', port: nextHopPort, heloName: 'gateway.test' },
      ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
      ...listening,
    },
    policy: policy ?? {},
    journal: journal ?? true,
  })
}

/** The message that is answered: alice to bob and carol, dave got it inside. */
export async function answeredPolicy(
  keys: ReplyKeys,
  fields: Partial<Policy> = {},
): Promise<Policy> {
  const organisationId = fields.organisationId ?? 'example'
  const { replyRecipient } = await keys.gateway.materialFor(organisationId, null, Date.now())
  return {
    messageId: randomBytes(16).toString('base64url'),
    organisationId,
    sender: ALICE,
    senderName: 'Alice',
    recipients: [
      { address: BOB, listed: true },
      { address: CAROL, listed: true },
    ],
    createdAtMs: Date.now(),
    expiresAtMs: Date.now() + 10 * DAY_MS,
    permissions: { reply: true, forward: false, print: true },
    assurance: 'mailbox',
    template: 'default',
    locale: 'en',
    conversationId: randomBytes(16).toString('base64url'),
    replyRecipient,
    inside: [DAVE],
    ...fields,
  }
}

/** The padded record of a policy, signed as the gateway signs it. */
export async function recordOf(keys: ReplyKeys, policy: Policy): Promise<Uint8Array> {
  const material = await keys.gateway.materialFor(policy.organisationId, null, Date.now())
  const { signingKeyId, sign } = material
  return encodeRecord({ version: 1, signingKeyId, portalShare: randomBytes(16), policy }, sign)
}

/** What stands in each part. */
export type Written = readonly (
  | { readonly role: 'text' | 'html'; readonly content: string | Uint8Array }
  | {
      readonly role: 'attachment'
      readonly type: string
      readonly name: string
      readonly content: string | Uint8Array
    }
)[]

export const WRITTEN: Written = [{ role: 'text', content: 'It is secret.\r\n' }]

export function headOf(
  policy: Policy,
  fields: Partial<ReplyHead> = {},
  written: Written = WRITTEN,
): ReplyHead {
  return {
    version: 1,
    kind: 'reply',
    submissionId: randomBytes(16).toString('base64url'),
    messageId: policy.messageId,
    conversationId: policy.conversationId,
    writer: BOB,
    writerName: 'Bob',
    to: [ALICE],
    cc: [],
    copyToWriter: false,
    subject: 'Re: The plan',
    inReplyTo: '<1@example.com>',
    references: ['<1@example.com>'],
    locale: 'en',
    parts: written.map(({ content, ...part }) => ({
      ...part,
      bytes: Buffer.from(content).length,
    })) as readonly ReplyPart[],
    ...fields,
  }
}

/** As the browser seals it, by the age library. */
export async function sealReply(
  recipient: string,
  head: ReplyHead,
  written: Written = WRITTEN,
): Promise<Uint8Array> {
  const plain = [writeReplyHead(head), ...written.map(({ content }) => Buffer.from(content))]
  return sealBytes(recipient, Buffer.concat(plain))
}

export async function sealBytes(recipient: string, plain: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt(plain)
}

export interface HandOverParts {
  readonly sign: SignHandOver
  readonly record: Uint8Array
  readonly file: Uint8Array
  readonly head?: Partial<HandOver>
}

/** As the portal writes it. docs/replies.md §3 */
export function handOver({ sign, record, file, head = {} }: HandOverParts): Buffer {
  const bytes = writeHandOver({
    version: 1,
    organisationId: 'example',
    record: Buffer.from(record).toString('base64'),
    writer: {
      address: BOB,
      method: 'passcode',
      assurance: 'mailbox',
      provenAtMs: Date.now() - 1000,
    },
    atMs: Date.now(),
    bytes: file.length,
    ...head,
  })
  const digest = createHash('sha256').update(bytes).update(file).digest()
  return Buffer.concat([u32(bytes.length), bytes, sign.ofHead(bytes), file, sign.ofWhole(digest)])
}

export interface HttpAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: IncomingHttpHeaders
}

export interface PostOptions {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** So many bytes at the end are not sent. */
  readonly keptBack?: number
}

/** Posts a body as the portal does; rejects when there is no answer. */
export function post(
  url: string,
  body: Uint8Array,
  { path = '/replies', method = 'POST', headers = {}, keptBack = 0 }: PostOptions = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const type = 'application/vnd.zegel.hand-over'
    const sent = request(`${url}${path}`, {
      method,
      headers: { 'Content-Type': type, 'Content-Length': String(body.length), ...headers },
    })
    let isAnswered = false
    // An early answer ends the sending: what cannot be written any more is no error then.
    sent.on('error', error => {
      if (!isAnswered) reject(error)
    })
    sent.on('response', response => {
      isAnswered = true
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString('utf8')
        const parsed = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>
        resolve({ status: response.statusCode ?? 0, body: parsed, headers: response.headers })
      })
    })
    if (keptBack > 0) sent.write(body.subarray(0, -keptBack))
    else sent.end(body)
  })
}
