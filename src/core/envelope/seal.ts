import type { Policy } from '../policy/policy.ts'
import { formatAgeStanza, formatHeader } from './age-header.ts'
import { concat } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { fileSignatureInput } from './file-signature.ts'
import { encodeRecord } from './record.ts'
import type { Sign } from './record.ts'
import type { IncrementalHash, SealingCrypto } from './sealing-crypto.ts'
import { sealStanza } from './sealed-stanza.ts'
import { SHARE_BYTES, splitFileKey } from './share.ts'
import { formatStanza } from './stanza.ts'
import { NONCE_BYTES, StreamSealer } from './stream.ts'
import type { Emit } from './stream.ts'

/** What the gateway holds of an organisation in order to seal its mail. */
export interface SealingMaterial {
  readonly organisationId: string
  readonly sealingKeyId: string
  /** MLKEM768-X25519, 1216 bytes. */
  readonly sealingPublicKey: Uint8Array
  readonly signingKeyId: string
  /** Ed25519, 64 bytes. */
  readonly sign: Sign
  /** `age1pq1…` */
  readonly replyRecipient: string
  /** age recipients that open every message: `age1pq1…`, or `age1…` when allowed. */
  readonly escrowRecipients: readonly string[]
  readonly allowClassicalEscrow: boolean
}

export interface SealingRequest {
  readonly policy: Policy
  readonly material: SealingMaterial
  readonly crypto: SealingCrypto
}

/** The part of an age file that does not depend on its content; every byte of it is secret but `header`. */
export interface PreparedSealing {
  /** Header and payload nonce: the file's first bytes. */
  readonly header: Uint8Array
  /** Goes into message.html; never to the portal. */
  readonly envelopeShare: Uint8Array
  /** Of the payload, 32 bytes; for one message only. */
  readonly streamKey: Uint8Array
}

/** One message on its way into an age file. Memory: one chunk of 64 KiB. */
export interface Sealing {
  /** Header and payload nonce: the file's first bytes. */
  readonly header: Uint8Array
  /** Goes into message.html; never to the portal. */
  readonly envelopeShare: Uint8Array
  /** Takes plaintext, which may not be changed afterwards; hands out what can be written. */
  push(plain: Uint8Array): Uint8Array
  /** The same in pieces, not put together. */
  pushChunks(plain: Uint8Array, emit: Emit): void
  /** The last chunk, in pieces, and the file signature. */
  finish(): { readonly tail: readonly Uint8Array[]; readonly signature: Uint8Array }
}

/**
 * Starts an age file for a policy.
 * @throws {EnvelopeError} `bad-recipient`, `classical-escrow`, `too-large`
 */
export async function startSealing(request: SealingRequest): Promise<Sealing> {
  return continueSealing(await prepareSealing(request), request.crypto, request.material.sign)
}

/**
 * Draws the file key and the envelope share, seals the record for the portal, wraps the key for escrow: all the
 * public-key work of a message but its last signature. envelope.md §1–§3
 * @throws {EnvelopeError} `bad-recipient`, `classical-escrow`, `too-large`
 */
export async function prepareSealing(request: SealingRequest): Promise<PreparedSealing> {
  const { material, crypto } = request
  const random = crypto.randomBytes(2 * SHARE_BYTES + NONCE_BYTES)
  const fileKey = random.subarray(0, SHARE_BYTES)
  const envelopeShare = random.subarray(SHARE_BYTES, 2 * SHARE_BYTES)
  const nonce = random.subarray(2 * SHARE_BYTES)
  const stanzas = [
    await portalStanza(request, splitFileKey(fileKey, envelopeShare)),
    ...(await escrowStanzas(material, crypto, fileKey)),
  ]
  const macKey = crypto.hkdfSha256(fileKey, new Uint8Array(0), 'header', 32)
  const header = concat(
    formatHeader(stanzas, input => crypto.hmacSha256(macKey, input)),
    nonce,
  )
  const streamKey = crypto.hkdfSha256(fileKey, nonce, 'payload', 32)
  return { header, envelopeShare, streamKey }
}

/** Goes on with what was prepared, once. */
export function continueSealing(
  { header, envelopeShare, streamKey }: PreparedSealing,
  crypto: SealingCrypto,
  sign: Sign,
): Sealing {
  const stream = new StreamSealer(crypto.chunkSealer(streamKey))
  return new SealingInProgress(header, envelopeShare, stream, crypto.sha256(), sign)
}

async function portalStanza(request: SealingRequest, portalShare: Uint8Array): Promise<string> {
  const { policy, material, crypto } = request
  if (policy.organisationId !== material.organisationId)
    throw new EnvelopeError('bad-record', 'the policy is of another organisation')
  const record = encodeRecord(
    { version: 1, signingKeyId: material.signingKeyId, portalShare, policy },
    material.sign,
  )
  const key = { id: material.sealingKeyId, publicKey: material.sealingPublicKey }
  const stanza = await sealStanza(crypto.hpke, key, record)
  return formatStanza(stanza, bytes => crypto.toBase64NoPad(bytes))
}

async function escrowStanzas(
  material: SealingMaterial,
  crypto: SealingCrypto,
  fileKey: Uint8Array,
): Promise<string[]> {
  const classical = material.escrowRecipients.some(recipient => !recipient.startsWith('age1pq1'))
  if (classical && !material.allowClassicalEscrow) throw new EnvelopeError('classical-escrow')
  const wrapped = material.escrowRecipients.map(async recipient =>
    formatAgeStanza(await crypto.wrapFileKey(recipient, fileKey), bytes =>
      crypto.toBase64NoPad(bytes),
    ),
  )
  return Promise.all(wrapped)
}

class SealingInProgress implements Sealing {
  readonly header: Uint8Array
  readonly envelopeShare: Uint8Array
  readonly #stream: StreamSealer
  readonly #hash: IncrementalHash
  readonly #sign: Sign

  constructor(
    header: Uint8Array,
    envelopeShare: Uint8Array,
    stream: StreamSealer,
    hash: IncrementalHash,
    sign: Sign,
  ) {
    this.header = header
    this.envelopeShare = envelopeShare
    this.#stream = stream
    this.#hash = hash
    this.#sign = sign
    hash.update(header)
  }

  push(plain: Uint8Array): Uint8Array {
    const chunks: Uint8Array[] = []
    this.pushChunks(plain, chunk => chunks.push(chunk))
    return concat(...chunks)
  }

  pushChunks(plain: Uint8Array, emit: Emit): void {
    this.#stream.push(plain, chunk => {
      this.#hash.update(chunk)
      emit(chunk)
    })
  }

  finish(): { tail: readonly Uint8Array[]; signature: Uint8Array } {
    const tail = this.#stream.finish()
    for (const piece of tail) this.#hash.update(piece)
    return { tail, signature: this.#sign(fileSignatureInput(this.#hash.digest())) }
  }
}
