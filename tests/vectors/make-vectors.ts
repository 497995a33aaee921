// Makes every file of this folder from fixed randomness; run it with
//   node tests/vectors/make-vectors.ts
// tests/core/envelope/vectors.test.ts checks that what stands here is what it makes.
import { createHash, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { bech32 } from '@scure/base'
import { MLKEM768X25519 } from '@noble/post-quantum/hybrid.js'
import { CipherSuite } from 'hpke'
import { parseAddress } from '../../src/core/address/address.ts'
import type { Stanza } from '../../src/core/envelope/age-header.ts'
import { toBase64, toBase64NoPad, toBase64Url } from '../../src/core/envelope/base64.ts'
import { concat, utf8 } from '../../src/core/envelope/bytes.ts'
import type { Hpke } from '../../src/core/envelope/hpke.ts'
import { keyIdOf } from '../../src/core/envelope/key-id.ts'
import { readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { encodeRecord } from '../../src/core/envelope/record.ts'
import type { SealingCrypto } from '../../src/core/envelope/sealing-crypto.ts'
import type { SealingMaterial } from '../../src/core/envelope/seal.ts'
import { formatShare, splitFileKey } from '../../src/core/envelope/share.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { formatHybridRecipient, parseRecipient } from '../../src/server/crypto/age-keys.ts'
import { ed25519Signer } from '../../src/server/crypto/ed25519.ts'
import { nativeMlkem768X25519 } from '../../src/server/crypto/mlkem768-x25519.ts'
import {
  hkdfSha256,
  hmacSha256,
  nativeAes256Gcm,
  nativeChaCha20Poly1305,
  nativeHkdfSha256,
  sealAead,
} from '../../src/server/crypto/native-primitives.ts'
import { nodeSealingCrypto } from '../../src/server/crypto/node-sealing-crypto.ts'
import { formatLoopMark } from '../../src/server/gateway/loop-mark.ts'
import { startSealedMail } from '../../src/server/gateway/seal-mail.ts'

/** Bytes that look random and are the same on every run: SHA-256("zegel vectors" ‖ label ‖ counter). */
export function fixedBytes(label: string, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let i = 0; i * 32 < length; i++)
    blocks.push(createHash('sha256').update(`zegel vectors\0${label}\0${i}`).digest())
  return Uint8Array.from(Buffer.concat(blocks).subarray(0, length))
}

/** The suites of the envelope with encapsulation randomness that is fixed. */
function fixedHpke(aead: typeof nativeAes256Gcm, label: string): Hpke {
  const kem = nativeMlkem768X25519
  const suite = new CipherSuite(
    () => ({
      ...kem(),
      async Encap(key) {
        const publicKey = await kem().SerializePublicKey(key)
        const sealed = MLKEM768X25519.encapsulate(publicKey, fixedBytes(label, 64))
        return { shared_secret: sealed.sharedSecret, enc: sealed.cipherText }
      },
    }),
    nativeHkdfSha256,
    aead,
  )
  return {
    encBytes: 1120,
    async seal(publicKey, info, aad, plaintext) {
      const key = await suite.DeserializePublicKey(publicKey)
      const sealed = await suite.Seal(key, plaintext, { info, aad })
      return { enc: sealed.encapsulatedSecret, ct: sealed.ciphertext }
    },
    open: () => Promise.reject(new Error('vectors only seal')),
  }
}

function x25519Key(label: string): ReturnType<typeof createPrivateKey> {
  const key = Buffer.from(fixedBytes(label, 32))
  return createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: 'x25519' })
}

function x25519Public(label: string): Uint8Array {
  return createPublicKey(x25519Key(label)).export({ format: 'raw-public' })
}

async function wrapFixed(recipient: string, fileKey: Uint8Array): Promise<Stanza> {
  const { type, publicKey } = parseRecipient(recipient)
  if (type === 'mlkem768x25519') {
    const hpke = fixedHpke(nativeChaCha20Poly1305, 'escrow encapsulation')
    const info = utf8('age-encryption.org/mlkem768x25519')
    const { enc, ct } = await hpke.seal(publicKey, info, new Uint8Array(0), fileKey)
    return { args: ['mlkem768x25519', toBase64NoPad(enc)], body: ct }
  }
  const share = x25519Public('escrow ephemeral')
  const peer = createPublicKey({
    key: Buffer.from(publicKey),
    format: 'raw-public',
    asymmetricKeyType: 'x25519',
  })
  const secret = diffieHellman({ privateKey: x25519Key('escrow ephemeral'), publicKey: peer })
  const key = hkdfSha256(secret, concat(share, publicKey), 'age-encryption.org/v1/X25519', 32)
  const nonce = new Uint8Array(12)
  const body = sealAead('chacha20-poly1305', key, nonce, new Uint8Array(0), fileKey)
  return { args: ['X25519', toBase64NoPad(share)], body }
}

const random = (): ((length: number) => Uint8Array) => {
  let drawn = 0
  return length => fixedBytes(`random ${drawn++}`, length)
}

const organisationId = 'example'
const sealingSeed = fixedBytes('sealing seed', 32)
const sealingPublicKey = MLKEM768X25519.getPublicKey(sealingSeed)
const signingPrivateKey = fixedBytes('signing key', 32)
const signingPublicKey: Uint8Array = createPublicKey(
  createPrivateKey({
    key: Buffer.from(signingPrivateKey),
    format: 'raw-private',
    asymmetricKeyType: 'ed25519',
  }),
).export({ format: 'raw-public' })
const replySeed = fixedBytes('reply seed', 32)
const escrowSeed = fixedBytes('escrow seed', 32)
const gatewayKey = fixedBytes('gateway key', 32)

const identity = (prefix: string, key: Uint8Array): string =>
  bech32.encode(prefix, bech32.toWords(key), false).toUpperCase()

const escrow = {
  postQuantum: {
    recipient: formatHybridRecipient(MLKEM768X25519.getPublicKey(escrowSeed)),
    identity: identity('AGE-SECRET-KEY-PQ-', escrowSeed),
  },
  classical: {
    recipient: bech32.encode('age', bech32.toWords(x25519Public('escrow classical')), false),
    identity: identity('AGE-SECRET-KEY-', fixedBytes('escrow classical', 32)),
  },
}

const material = (escrowRecipients: readonly string[]): SealingMaterial => ({
  organisationId,
  sealingKeyId: keyIdOf(organisationId, sealingPublicKey),
  sealingPublicKey,
  signingKeyId: keyIdOf(organisationId, signingPublicKey),
  sign: ed25519Signer(signingPrivateKey),
  replyRecipient: formatHybridRecipient(MLKEM768X25519.getPublicKey(replySeed)),
  escrowRecipients,
  allowClassicalEscrow: true,
})

function addressOf(text: string): Policy['sender'] {
  const address = parseAddress(text)
  if (address === null) throw new Error(text)
  return address
}

const policy: Policy = {
  messageId: toBase64Url(fixedBytes('message id', 16)),
  organisationId,
  sender: addressOf('alice@example.com'),
  senderName: 'Alice de Vries',
  recipients: [
    { address: addressOf('bob@recipient.example'), listed: true },
    { address: addressOf('carol@xn--bcher-kva.example'), listed: false },
  ],
  createdAtMs: 1_795_233_600_000,
  expiresAtMs: 1_826_769_600_000,
  permissions: { reply: true, forward: false, print: true },
  assurance: 'mailbox',
  template: 'default',
  locale: 'nl',
  conversationId: toBase64Url(fixedBytes('conversation id', 16)),
  replyRecipient: material([]).replyRecipient,
}

const original = Buffer.from(
  'From: Alice de Vries <alice@example.com>\r\nTo: Bob <bob@recipient.example>\r\n' +
    'Subject: Zegel test vector\r\nDate: Sat, 21 Nov 2026 04:00:00 +0000\r\n' +
    'Message-ID: <vector-1@example.com>\r\nMIME-Version: 1.0\r\n' +
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n' +
    'Dear Bob,\r\n\r\nIf you can read this, it was opened. \u{1f512}\r\n',
)

async function sealOriginal(plain: Buffer, escrowRecipients: readonly string[]): Promise<Buffer> {
  const crypto: SealingCrypto = {
    ...nodeSealingCrypto,
    hpke: fixedHpke(nativeAes256Gcm, 'stanza encapsulation'),
    randomBytes: random(),
    wrapFileKey: wrapFixed,
  }
  const sealed = await startSealedMail({
    header: original.subarray(0, original.indexOf('\r\n\r\n') + 4),
    policy,
    material: material(escrowRecipients),
    notice: {
      organisationName: 'Example Hospital',
      accent: '#8c2f28',
      logo: '',
      portalUrl: 'https://mail.example.com',
      locale: 'nl',
      subject: '',
    },
    mac: data => hmacSha256(gatewayKey, data),
    nowMs: policy.createdAtMs,
    crypto,
  })
  return Buffer.concat([...sealed.push(plain), ...sealed.finish()])
}

/** message.html out of the wrapper: the part behind its header, up to the boundary. */
function attachmentOf(wrapper: Buffer): Buffer {
  const boundary = /boundary="([^"]+)"/.exec(wrapper.toString('latin1'))?.[1] ?? ''
  const start = wrapper.indexOf('\r\n\r\n', wrapper.indexOf('filename="message.html"')) + 4
  return wrapper.subarray(start, wrapper.indexOf(`\r\n--${boundary}`, start))
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

/** Every file of this folder that is made, by its name. */
export async function makeVectors(): Promise<ReadonlyMap<string, Buffer>> {
  const wrapper = await sealOriginal(original, [escrow.postQuantum.recipient])
  const html = attachmentOf(wrapper)
  const read = readMessageHtml(html)
  const { stanzaText, length } = readAgeHeader(read.ageFile)
  const forAge = readMessageHtml(
    attachmentOf(await sealOriginal(original, [escrow.classical.recipient])),
  )
  const longText = Buffer.alloc(2 * 65_536 + 1, 'Zegel vector of three chunks\r\n')
  const long = readMessageHtml(
    attachmentOf(await sealOriginal(longText, [escrow.classical.recipient])),
  )
  // What startSealing drew first: file key, envelope share, payload nonce.
  const drawn = fixedBytes('random 0', 48)
  const fileKey = drawn.subarray(0, 16)
  const envelopeShare = drawn.subarray(16, 32)
  const portalShare = splitFileKey(fileKey, envelopeShare)
  const record = { version: 1 as const, signingKeyId: material([]).signingKeyId, portalShare, policy }
  const padded = encodeRecord(record, material([]).sign)
  const marked = {
    messageId: '<vector-1@example.com>',
    from: 'Alice de Vries <alice@example.com>',
    date: 'Sat, 21 Nov 2026 04:00:00 +0000',
  }
  return new Map([
    [
      'keys.json',
      json({
        organisationId,
        sealing: {
          id: material([]).sealingKeyId,
          publicKey: toBase64(sealingPublicKey),
          seed: toBase64(sealingSeed),
        },
        signing: {
          id: material([]).signingKeyId,
          publicKey: toBase64(signingPublicKey),
          privateKey: toBase64(signingPrivateKey),
        },
        escrow,
        gatewayKey: toBase64(gatewayKey),
      }),
    ],
    [
      'shares.json',
      json({
        fileKey: toBase64(fileKey),
        envelopeShare: toBase64(envelopeShare),
        portalShare: toBase64(portalShare),
        fragment: `#${formatShare(envelopeShare)}`,
      }),
    ],
    ['record.json', json({ record: { ...record, portalShare: toBase64Url(portalShare) }, padded: toBase64(padded) })],
    ['stanza.txt', Buffer.from(stanzaText)],
    [
      'file.json',
      json({
        headerBytes: length,
        payloadNonce: toBase64(drawn.subarray(32)),
        sha256: createHash('sha256').update(read.ageFile).digest('base64'),
        signature: toBase64(read.signature),
      }),
    ],
    ['loop-mark.json', json({ ...marked, id: policy.messageId, mark: formatLoopMark(data => hmacSha256(gatewayKey, data), policy.messageId, marked) })],
    ['original.eml', original],
    ['message.age', Buffer.from(read.ageFile)],
    ['message.html', Buffer.from(html)],
    ['wrapper.eml', wrapper],
    ['posted.txt', postedForm(html)],
    ['classical-escrow.age', Buffer.from(forAge.ageFile)],
    ['classical-escrow.signature', Buffer.from(`${toBase64(forAge.signature)}\n`)],
    ['three-chunks.age', Buffer.from(long.ageFile)],
    ['three-chunks.signature', Buffer.from(`${toBase64(long.signature)}\n`)],
  ])
}

/** What a browser posts for message.html (HTML §4.10.21.8). */
function postedForm(html: Buffer): Buffer {
  const text = html.toString('latin1')
  const value = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
  return Buffer.from(`envelope=${value('envelope')}\r\nsignature=${value('signature')}\r\n`)
}

if (import.meta.main) {
  const folder = new URL('./', import.meta.url)
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of await makeVectors()) writeFileSync(new URL(name, folder), bytes)
}
