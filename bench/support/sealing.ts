import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { parseAddress } from '../../src/core/address/address.ts'
import type { Address } from '../../src/core/address/address.ts'
import { keyIdOf } from '../../src/core/envelope/key-id.ts'
import type { SealingMaterial } from '../../src/core/envelope/seal.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { generateReplyKeyPair } from '../../src/server/crypto/age-keys.ts'
import { ed25519Signer, generateSigningKeyPair } from '../../src/server/crypto/ed25519.ts'
import { generateSealingKeyPair } from '../../src/server/crypto/mlkem768-x25519.ts'
import { findHeaderEnd } from '../../src/server/gateway/header-fields.ts'
import { startSealedMail } from '../../src/server/gateway/seal-mail.ts'

const organisationId = 'example'
/** What the gateway reads from a socket at once. */
const pieceBytes = 64 * 1024

/** Seals whole mails as the gateway does, with keys of its own; returns the wrapper mail's pieces. */
export type SealWhole = (mail: Uint8Array) => Promise<readonly Uint8Array[]>

export function createSealer(): SealWhole {
  const material = createMaterial()
  const key = createSecretKey(randomBytes(32))
  const mac = (data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest()
  const notice = {
    organisationName: 'Example',
    accent: '#8c2f28',
    logo: '',
    portalUrl: 'https://mail.example.com',
    locale: 'en',
    subject: '',
  }
  return async mail => {
    const sealed = await startSealedMail({
      header: mail.subarray(0, findHeaderEnd(mail)),
      policy: policyFor(material.replyRecipient),
      material,
      notice,
      mac,
      nowMs: Date.now(),
    })
    const pieces: Uint8Array[] = []
    for (let at = 0; at < mail.length; at += pieceBytes)
      pieces.push(...sealed.push(mail.subarray(at, at + pieceBytes)))
    pieces.push(...sealed.finish())
    return pieces
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
