import { concat } from '../../core/envelope/bytes.ts'
import { MessageHtmlWriter } from '../../core/envelope/message-html.ts'
import { continueSealing, prepareSealing } from '../../core/envelope/seal.ts'
import type { PreparedSealing, Sealing, SealingMaterial } from '../../core/envelope/seal.ts'
import type { SealingCrypto } from '../../core/envelope/sealing-crypto.ts'
import type { Emit } from '../../core/envelope/stream.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { nodeSealingCrypto } from '../crypto/node-sealing-crypto.ts'
import { readHeaderFields } from './header-fields.ts'
import type { Mac } from './message-ids.ts'
import type { Notice } from './notice.ts'
import { renderNotice } from './rendered-notice.ts'
import type { RenderedNotice } from './rendered-notice.ts'
import { wrapperHeader } from './wrapper-header.ts'

export interface SealMailRequest {
  /** The original header block, up to and including the empty line. */
  readonly header: Uint8Array
  readonly policy: Policy
  readonly material: SealingMaterial
  readonly notice: Notice
  /** HMAC-SHA-256 under the gateway's key, for X-Zegel. */
  readonly mac: Mac
  readonly nowMs: number
  /** Default: node:crypto. */
  readonly crypto?: SealingCrypto
}

/** One mail on its way into its wrapper. Bytes are CRLF lines in 7bit, not dot-stuffed. Memory: one chunk. */
export interface SealedMail {
  /** Takes the complete original, header block included; hands out what can be sent, in pieces. */
  push(original: Uint8Array): readonly Uint8Array[]
  /** Once, after the last push. */
  finish(): readonly Uint8Array[]
}

/** What does not depend on the mail's content, ready to be streamed after; for this one mail. */
export interface PreparedMail {
  readonly sealing: PreparedSealing
  /** Header block of the wrapper, empty line included. */
  readonly header: string
  /** Of the wrapper, and of the notice inside. */
  readonly boundary: string
  readonly inner: string
}

/** @throws {EnvelopeError} what `prepareSealing` throws; nothing has been sent then */
export type PrepareMail = (request: SealMailRequest) => Promise<PreparedMail>

/**
 * Starts the wrapper mail of one original: notice, then message.html while the original streams in.
 * envelope.md §4, §5
 * @param prepare may do its work elsewhere, see preparing-threads.ts
 * @throws {EnvelopeError} what `prepare` throws; nothing has been sent then
 */
export async function startSealedMail(
  request: SealMailRequest,
  prepare: PrepareMail = prepareMail,
): Promise<SealedMail> {
  const prepared = await prepare(request)
  const { sealing, boundary } = prepared
  const { policy, material, notice, crypto = nodeSealingCrypto } = request
  const rendered = renderNotice(notice, policy)
  const writer = new MessageHtmlWriter({
    page: rendered.page,
    envelopeShare: sealing.envelopeShare,
    writeBase64: (bytes, into, at) => crypto.writeBase64(bytes, into, at),
    ...(notice.maxPostedBytes === undefined ? {} : { maxPostedBytes: notice.maxPostedBytes }),
  })
  return new SealedMailInProgress(
    wrapperStart(prepared, rendered),
    continueSealing(sealing, crypto, material.sign),
    writer,
    `\r\n--${boundary}--\r\n`,
  )
}

/** The wrapper mail of an original that is at hand as a whole. @throws {EnvelopeError} what `prepareMail` throws */
export type SealWholeMail = (request: SealMailRequest, body: Uint8Array) => Promise<Uint8Array>

/** @param body all of the original behind its header block */
export const sealWholeMail: SealWholeMail = async (request, body) => {
  const sealed = await startSealedMail(request)
  return concat(...sealed.push(request.header), ...sealed.push(body), ...sealed.finish())
}

/** The costly part of a small mail: keys, record, headers. */
export async function prepareMail(request: SealMailRequest): Promise<PreparedMail> {
  const { policy, material, notice, mac, nowMs, crypto = nodeSealingCrypto } = request
  const sealing = await prepareSealing({ policy, material, crypto })
  const [boundary, inner] = boundaries(crypto)
  const fields = readHeaderFields(request.header)
  const { subject } = renderNotice(notice, policy)
  const header = wrapperHeader({ fields, policy, subject, mac, boundary, nowMs })
  return { sealing, header, boundary, inner }
}

/** Of the mail and of the notice inside; 144 random bits each, so that no content can hold them. */
function boundaries(crypto: SealingCrypto): [string, string] {
  const random = Buffer.from(crypto.randomBytes(36))
  const name = (from: number): string => `zegel-${random.toString('base64url', from, from + 18)}`
  return [name(0), name(18)]
}

const ATTACHMENT_HEADER =
  'Content-Type: text/html; charset=utf-8; name="message.html"\r\n' +
  'Content-Disposition: attachment; filename="message.html"\r\n' +
  'Content-Transfer-Encoding: 7bit\r\n\r\n'

/** Everything before the first byte of message.html. */
function wrapperStart(
  { header, boundary, inner }: PreparedMail,
  notice: RenderedNotice,
): readonly Uint8Array[] {
  const alternatives = `--${boundary}\r\nContent-Type: multipart/alternative; boundary="${inner}"\r\n\r\n`
  const attachment = `--${boundary}\r\n${ATTACHMENT_HEADER}`
  return [
    Buffer.from(`${header}${alternatives}--${inner}\r\n`),
    notice.text,
    Buffer.from(`--${inner}\r\n`),
    notice.html,
    Buffer.from(`--${inner}--\r\n\r\n${attachment}`),
  ]
}

class SealedMailInProgress implements SealedMail {
  #start: readonly Uint8Array[] | null
  readonly #sealing: Sealing
  readonly #writer: MessageHtmlWriter
  readonly #end: string

  constructor(
    start: readonly Uint8Array[],
    sealing: Sealing,
    writer: MessageHtmlWriter,
    end: string,
  ) {
    this.#start = start
    this.#sealing = sealing
    this.#writer = writer
    this.#end = end
  }

  push(original: Uint8Array): readonly Uint8Array[] {
    const parts = this.#begin()
    const emit: Emit = lines => parts.push(lines)
    this.#sealing.pushChunks(original, sealed => this.#writer.push(sealed, emit))
    return parts
  }

  finish(): readonly Uint8Array[] {
    const parts = this.#begin()
    const { tail, signature } = this.#sealing.finish()
    for (const piece of tail) this.#writer.push(piece, lines => parts.push(lines))
    parts.push(...this.#writer.finish(signature), Buffer.from(this.#end))
    return parts
  }

  #begin(): Uint8Array[] {
    if (this.#start === null) return []
    const parts = [...this.#start, ...this.#writer.start()]
    this.#writer.push(this.#sealing.header, lines => parts.push(lines))
    this.#start = null
    return parts
  }
}
