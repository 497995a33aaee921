import {
  createHmac,
  createSecretKey,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto'
import { parseAddress } from '../../src/core/address/address.ts'
import type { Address } from '../../src/core/address/address.ts'
import { keyIdOf } from '../../src/core/envelope/key-id.ts'
import { MessageHtmlWriter } from '../../src/core/envelope/message-html.ts'
import { startSealing } from '../../src/core/envelope/seal.ts'
import type { SealingMaterial } from '../../src/core/envelope/seal.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { generateReplyKeyPair } from '../../src/server/crypto/age-keys.ts'
import { ed25519Signer, generateSigningKeyPair } from '../../src/server/crypto/ed25519.ts'
import { generateSealingKeyPair } from '../../src/server/crypto/mlkem768-x25519.ts'
import { nodeSealingCrypto } from '../../src/server/crypto/node-sealing-crypto.ts'
import { findHeaderEnd } from '../../src/server/gateway/header-fields.ts'
import { renderNotice } from '../../src/server/gateway/rendered-notice.ts'
import { startSealedMail } from '../../src/server/gateway/seal-mail.ts'

const organisationId = 'example'
/** What the gateway reads from a socket at once. */
const pieceBytes = 64 * 1024

/** Seals whole mails as the gateway does, with keys of its own; returns what is written, in pieces. */
export type SealWhole = (mail: Uint8Array) => Promise<readonly Uint8Array[]>

export interface Sealer {
  /** message.html alone. */
  readonly messageHtml: SealWhole
  /** The wrapper mail with message.html in it. */
  readonly wrapperMail: SealWhole
}

const notice = {
  organisationName: 'Example',
  accent: '#8c2f28',
  logo: '',
  portalUrl: 'https://mail.example.com',
  locale: 'en',
  subject: '',
}

export function createSealer(): Sealer {
  const material = createMaterial()
  const key = createSecretKey(randomBytes(32))
  const mac = (data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest()
  return {
    async messageHtml(mail) {
      const policy = policyFor(material.replyRecipient)
      const sealing = await startSealing({ policy, material, crypto: nodeSealingCrypto })
      const writer = new MessageHtmlWriter({
        page: renderNotice(notice, policy).page,
        envelopeShare: sealing.envelopeShare,
        writeBase64: (bytes, into, at) => nodeSealingCrypto.writeBase64(bytes, into, at),
      })
      const pieces = [...writer.start()]
      const emit = (lines: Uint8Array): unknown => pieces.push(lines)
      writer.push(sealing.header, emit)
      for (const piece of piecesOf(mail))
        sealing.pushChunks(piece, sealed => writer.push(sealed, emit))
      const { tail, signature } = sealing.finish()
      for (const piece of tail) writer.push(piece, emit)
      pieces.push(...writer.finish(signature))
      return pieces
    },
    async wrapperMail(mail) {
      const sealed = await startSealedMail({
        header: mail.subarray(0, findHeaderEnd(mail)),
        policy: policyFor(material.replyRecipient),
        material,
        notice,
        mac,
        nowMs: Date.now(),
      })
      const pieces: Uint8Array[] = []
      for (const piece of piecesOf(mail)) pieces.push(...sealed.push(piece))
      pieces.push(...sealed.finish())
      return pieces
    },
  }
}

function* piecesOf(mail: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < mail.length; at += pieceBytes) yield mail.subarray(at, at + pieceBytes)
}

/**
 * The public-key work that the format asks of every message, natively and without anything around it: two Ed25519
 * signatures, an X25519 key pair and agreement, an ML-KEM-768 encapsulation. docs/envelope.md
 */
export function createPublicKeyWork(): () => void {
  const signing = generateKeyPairSync('ed25519').privateKey
  const kem = generateKeyPairSync('ml-kem-768').publicKey
  const { publicKey } = generateKeyPairSync('x25519')
  const record = randomBytes(1024)
  return () => {
    sign(null, record, signing)
    sign(null, record, signing)
    diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey })
    encapsulate(kem)
  }
}

function createMaterial(): SealingMaterial {
  const sealing = generateSealingKeyPair()
  const signing = generateSigningKeyPair()
  return {
    organisationId,
    sealingKeyId: keyIdOf(organisationId, sealing.publicKey),
    sealingPublicKey: sealing.publicKey,
    signingKeyId: keyIdOf(organisationId, signing.publicKey),
    sign: ed25519Signer(signing.privateKey),
    replyRecipient: generateReplyKeyPair().recipient,
    escrowRecipients: [],
    allowClassicalEscrow: false,
  }
}

/** Read once, as a gateway reads them before it seals. */
const sender = address('alice@example.com')
const recipients = [{ address: address('bob@example.org'), listed: true }]

function policyFor(replyRecipient: string): Policy {
  const createdAtMs = Date.now()
  return {
    messageId: randomBytes(16).toString('base64url'),
    organisationId,
    sender,
    senderName: 'Alice',
    recipients,
    createdAtMs,
    expiresAtMs: createdAtMs + 365 * 24 * 3600 * 1000,
    permissions: { reply: true, forward: false, print: true },
    assurance: 'mailbox',
    template: 'default',
    locale: 'en',
    conversationId: randomBytes(16).toString('base64url'),
    replyRecipient,
  }
}

function address(text: string): Address {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`no address: ${text}`)
  return parsed
}
