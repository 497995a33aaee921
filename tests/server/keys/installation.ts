import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Address, parseAddress } from '../../../src/core/address/address.ts'
import { openAgeFile, readAgeHeader } from '../../../src/core/envelope/open.ts'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { type SealingMaterial, startSealing } from '../../../src/core/envelope/seal.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import type { Policy, Proof } from '../../../src/core/policy/policy.ts'
import { nodeSealingCrypto } from '../../../src/server/crypto/node-sealing-crypto.ts'
import { openGatewayCertifier } from '../../../src/server/keys/gateway-certifier.ts'
import { type GatewayKeys, openGatewayKeys } from '../../../src/server/keys/gateway-keys.ts'
import { type PortalKeys, openPortalKeys } from '../../../src/server/keys/portal-keys.ts'
import { type ReleaseKey, createReleaseKey } from '../../../src/server/keys/release-key.ts'
import { type RootKey, rootKey } from '../../../src/server/keys/root-key.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/store.ts'

export const DAY_MS = 86_400_000
export const NOW_MS = Date.UTC(2026, 10, 21, 12)

export const ORGANISATIONS = [
  {
    id: 'example',
    domains: ['example.com'],
    replyDomains: ['replies.example.com', 'answers.example.com'],
    escrowRecipients: [],
    allowClassicalEscrow: false,
  },
  {
    id: 'other',
    domains: ['other.test'],
    replyDomains: ['replies.other.test'],
    escrowRecipients: [],
    allowClassicalEscrow: false,
  },
]

export function address(text: string): Address {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`no address: ${text}`)
  return parsed
}

export const BOB = address('bob@example.net')
export const CAROL = address('carol@example.org')

/** An installation with both roles on one database, and a clock that the test turns. */
export interface Installation {
  readonly store: Store
  readonly folder: string
  readonly gatewayRoot: RootKey
  readonly portalRoot: RootKey
  readonly portal: PortalKeys
  readonly gateway: GatewayKeys
  readonly releaseKey: ReleaseKey
  clockMs: number
  reopenPortal(): Promise<PortalKeys>
}

/** Its root keys, and its database with every key made. */
interface Beginning {
  readonly gatewayRoot: RootKey
  readonly portalRoot: RootKey
  readonly database: Uint8Array
}

/** Made once: what a test finds is as at its first start, without the time that keys and tables take. */
let usual: Promise<Beginning> | undefined

/** @param own with keys that no other installation has */
export async function installation({ own = false } = {}): Promise<Installation> {
  const beginning = await (own ? begin() : (usual ??= begin()))
  const { gatewayRoot, portalRoot, database } = beginning
  const folder = await mkdtemp(join(tmpdir(), 'zegel-keys-'))
  await writeFile(join(folder, 'zegel.db'), database, { mode: 0o600 })
  const store = await openStore(`sqlite:${join(folder, 'zegel.db')}`)
  onTestFinished(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  const state = { clockMs: NOW_MS }
  const roots = { gatewayRoot, portalRoot }
  const { portal, gateway, reopenPortal } = await openKeys(store, roots, () => state.clockMs)
  const releaseKey = createReleaseKey({
    openStanza: portal.openStanza,
    overrides: store.overrides,
    audit: store.audit,
    offerReplies: () => ({ maxBytes: 1_000_000, domains: ['example.com'] }),
  })
  return Object.assign(state, {
    ...roots,
    store,
    folder,
    portal,
    gateway,
    releaseKey,
    reopenPortal,
  })
}

async function begin(): Promise<Beginning> {
  const roots = { gatewayRoot: rootKey(randomBytes(32)), portalRoot: rootKey(randomBytes(32)) }
  const folder = await mkdtemp(join(tmpdir(), 'zegel-keys-'))
  const path = join(folder, 'zegel.db')
  const store = await openStore(`sqlite:${path}`)
  await openKeys(store, roots, () => NOW_MS)
  await store.close()
  const database = await readFile(path)
  await rm(folder, { recursive: true })
  return { ...roots, database }
}

/** Opens the keys of both roles and makes those that are missing. */
async function openKeys(
  store: Store,
  { gatewayRoot, portalRoot }: Pick<Beginning, 'gatewayRoot' | 'portalRoot'>,
  clock: () => number,
) {
  const common = { store, organisations: ORGANISATIONS, clock }
  const keys = store.organisationKeys
  const certifier = await openGatewayCertifier({ ...common, keys, rootKey: gatewayRoot })
  const trustedGateways = [certifier.fingerprint]
  const reopenPortal = () => openPortalKeys({ ...common, rootKey: portalRoot, trustedGateways })
  const portal = await reopenPortal()
  const trustedPortal = portal.fingerprint()
  const gateway = await openGatewayKeys({ ...common, rootKey: gatewayRoot, trustedPortal })
  return { portal, gateway, reopenPortal }
}

export function policyFor(fields: Partial<Policy> = {}): Policy {
  return {
    messageId: randomBytes(16).toString('base64url'),
    organisationId: 'example',
    sender: address('alice@example.com'),
    senderName: 'Alice',
    recipients: [
      { address: BOB, listed: true },
      { address: CAROL, listed: false },
    ],
    createdAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 10 * DAY_MS,
    permissions: { reply: true, forward: false, print: true },
    assurance: 'mailbox',
    template: 'default',
    locale: 'en',
    conversationId: randomBytes(16).toString('base64url'),
    replyRecipient: 'age1pq1qqqq',
    ...fields,
  }
}

export function proofOf(address: Address, fields: Partial<Proof> = {}): Proof {
  return {
    organisationId: 'example',
    address,
    method: 'passcode',
    assurance: 'mailbox',
    provenAtMs: NOW_MS,
    ...fields,
  }
}

export const TEXT = 'Subject: secret\r\n\r\nthe words\r\n'

export interface SealedMessage {
  readonly policy: Policy
  readonly stanza: string
  readonly envelopeShare: Uint8Array
  readonly ageFile: Uint8Array
  readonly signature: Uint8Array
}

export async function seal(policy: Policy, material: SealingMaterial): Promise<SealedMessage> {
  const sealing = await startSealing({ policy, material, crypto: nodeSealingCrypto })
  const body = sealing.push(Buffer.from(TEXT))
  const { tail, signature } = sealing.finish()
  const ageFile = new Uint8Array(Buffer.concat([sealing.header, body, ...tail]))
  const stanza = readAgeHeader(ageFile).stanzaText
  return { policy, stanza, envelopeShare: sealing.envelopeShare, ageFile, signature }
}

/** As the gateway does it. */
export async function sealHere(
  { gateway, clockMs }: Installation,
  fields: Partial<Policy> = {},
): Promise<SealedMessage> {
  const policy = policyFor(fields)
  const material = await gateway.materialFor(policy.organisationId, policy.expiresAtMs, clockMs)
  return seal({ ...policy, replyRecipient: material.replyRecipient }, material)
}

/** As the browser does it: the plaintext, or the refusal's code. */
export async function openHere(
  { releaseKey, clockMs }: Installation,
  message: SealedMessage,
  proofs: readonly Proof[],
): Promise<string> {
  const receiver = await createReleaseReceiver()
  const result = await releaseKey({
    stanza: message.stanza,
    browserKey: receiver.publicKey,
    proofs,
    nowMs: clockMs,
  })
  if (!result.ok) return result.code
  const enc = new Uint8Array(Buffer.from(result.answer.enc, 'base64'))
  const ct = new Uint8Array(Buffer.from(result.answer.ct, 'base64'))
  const share = await receiver.open({ enc, ct }, message.stanza)
  const fileKey = joinShares(share, message.envelopeShare)
  return Buffer.from(openAgeFile(message.ageFile, fileKey)).toString('utf8')
}
