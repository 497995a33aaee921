import { createHmac } from 'node:crypto'
import { parseAddress } from '../../src/core/address/address.ts'
import type { Address } from '../../src/core/address/address.ts'
import { keyIdOf } from '../../src/core/envelope/key-id.ts'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readRecord } from '../../src/core/envelope/record.ts'
import type { SealedRecord } from '../../src/core/envelope/record.ts'
import { startSealing } from '../../src/core/envelope/seal.ts'
import type { SealingMaterial } from '../../src/core/envelope/seal.ts'
import { openStanza } from '../../src/core/envelope/sealed-stanza.ts'
import { joinShares } from '../../src/core/envelope/share.ts'
import { parseStanza } from '../../src/core/envelope/stanza.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { generateReplyKeyPair } from '../../src/server/crypto/age-keys.ts'
import type { AgeKeyPair } from '../../src/server/crypto/age-keys.ts'
import {
  ed25519Signer,
  ed25519Verifier,
  generateSigningKeyPair,
} from '../../src/server/crypto/ed25519.ts'
import { generateSealingKeyPair } from '../../src/server/crypto/mlkem768-x25519.ts'
import { nodeHpke } from '../../src/server/crypto/node-hpke.ts'
import { nodeSealingCrypto } from '../../src/server/crypto/node-sealing-crypto.ts'
import { findHeaderEnd } from '../../src/server/gateway/header-fields.ts'
import type { Notice } from '../../src/server/gateway/notice.ts'
import { startSealedMail } from '../../src/server/gateway/seal-mail.ts'

/** An organisation with all its keys, both halves: what gateway and portal together would have. */
export interface TestOrganisation {
  readonly id: string
  readonly sealing: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }
  readonly signing: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }
  readonly reply: AgeKeyPair
  readonly material: SealingMaterial
}

export function createOrganisation(
  id: string = 'example',
  escrowRecipients: readonly string[] = [],
): TestOrganisation {
  const sealing = generateSealingKeyPair()
  const signing = generateSigningKeyPair()
  const reply = generateReplyKeyPair()
  const material: SealingMaterial = {
    organisationId: id,
    sealingKeyId: keyIdOf(id, sealing.publicKey),
    sealingPublicKey: sealing.publicKey,
    signingKeyId: keyIdOf(id, signing.publicKey),
    sign: ed25519Signer(signing.privateKey),
    replyRecipient: reply.recipient,
    escrowRecipients,
    allowClassicalEscrow: escrowRecipients.some(recipient => !recipient.startsWith('age1pq1')),
  }
  return { id, sealing, signing, reply, material }
}

/** @throws Error when it is no address: for literals in tests. */
export function address(text: string): Address {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`no address: ${text}`)
  return parsed
}

export function createPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    messageId: 'AAAAAAAAAAAAAAAAAAAAAA',
    organisationId: 'example',
    sender: address('alice@example.com'),
    senderName: 'Alice de Vries',
    recipients: [{ address: address('bob@recipient.example'), listed: true }],
    createdAtMs: 1_795_000_000_000,
    expiresAtMs: null,
    permissions: { reply: true, forward: false, print: true },
    assurance: 'mailbox',
    template: 'default',
    locale: 'en',
    conversationId: 'BBBBBBBBBBBBBBBBBBBBBA',
    replyRecipient: 'age1pq1example',
    ...changes,
  }
}

export interface TestEnvelope {
  readonly ageFile: Uint8Array
  readonly signature: Uint8Array
  readonly envelopeShare: Uint8Array
}

/** Seals `plain`, pushed in pieces of `pieceBytes`. */
export async function sealWhole(
  organisation: TestOrganisation,
  plain: Uint8Array,
  options: { policy?: Policy; pieceBytes?: number } = {},
): Promise<TestEnvelope> {
  const sealing = await startSealing({
    policy: options.policy ?? createPolicy({ organisationId: organisation.id }),
    material: organisation.material,
    crypto: nodeSealingCrypto,
  })
  const parts = [sealing.header]
  const step = options.pieceBytes ?? Math.max(1, plain.length)
  for (let at = 0; at < plain.length; at += step)
    parts.push(sealing.push(plain.subarray(at, at + step)))
  const { tail, signature } = sealing.finish()
  const ageFile = new Uint8Array(Buffer.concat([...parts, ...tail]))
  return { ageFile, signature, envelopeShare: sealing.envelopeShare }
}

/** What the portal does: the verified record of a stanza. */
export async function openRecord(
  organisation: TestOrganisation,
  stanzaText: string,
): Promise<SealedRecord> {
  const stanza = parseStanza(stanzaText)
  if (stanza === null) throw new Error('no stanza')
  const padded = await openStanza(nodeHpke, organisation.sealing.privateKey, stanza)
  return readRecord(padded).verify(ed25519Verifier(organisation.signing.publicKey))
}

/** Portal and browser together: the plaintext of an envelope. */
export async function openWhole(
  organisation: TestOrganisation,
  envelope: { ageFile: Uint8Array; envelopeShare: Uint8Array },
): Promise<Uint8Array> {
  return openAgeFile(envelope.ageFile, await fileKeyOf(organisation, envelope))
}

export async function fileKeyOf(
  organisation: TestOrganisation,
  envelope: { ageFile: Uint8Array; envelopeShare: Uint8Array },
): Promise<Uint8Array> {
  const { stanzaText } = readAgeHeader(envelope.ageFile)
  const record = await openRecord(organisation, stanzaText)
  return joinShares(record.portalShare, envelope.envelopeShare)
}

export const testNotice: Notice = {
  organisationName: 'Example Hospital',
  accent: '#8c2f28',
  logo: '',
  portalUrl: 'https://mail.example.com',
  locale: 'en',
  subject: '',
}

export function testMac(data: Uint8Array): Uint8Array {
  return createHmac('sha256', 'a key of the gateway').update(data).digest()
}

/** The wrapper mail of a whole original, pushed in pieces of `pieceBytes`. */
export async function wrapMail(
  organisation: TestOrganisation,
  original: Uint8Array,
  options: { policy?: Policy; notice?: Notice; pieceBytes?: number } = {},
): Promise<Buffer> {
  const end = findHeaderEnd(original)
  const sealed = await startSealedMail({
    header: end === -1 ? original : original.subarray(0, end),
    policy: options.policy ?? createPolicy({ organisationId: organisation.id }),
    material: organisation.material,
    notice: options.notice ?? testNotice,
    mac: testMac,
    nowMs: 1_795_000_000_000,
  })
  const step = options.pieceBytes ?? Math.max(1, original.length)
  const parts: Uint8Array[] = []
  for (let at = 0; at < original.length; at += step)
    parts.push(...sealed.push(original.subarray(at, at + step)))
  return Buffer.concat([...parts, ...sealed.finish()])
}

/** message.html out of a wrapper mail, cut at its MIME boundary. */
export function messageHtmlOf(wrapper: Buffer): Buffer {
  const text = wrapper.toString('latin1')
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? ''
  const part = text.indexOf('filename="message.html"')
  const start = text.indexOf('\r\n\r\n', part) + 4
  return Buffer.from(text.slice(start, text.indexOf(`\r\n--${boundary}`, start)), 'latin1')
}
