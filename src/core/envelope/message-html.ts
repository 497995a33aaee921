import { toBase64 } from './base64.ts'
import { Base64Lines } from './base64-lines.ts'
import type { WriteBase64 } from './base64-lines.ts'
import { utf8 } from './bytes.ts'
import { MAX_POSTED_BYTES } from './limits.ts'
import type { PageTemplate } from './page-template.ts'
import type { Emit } from './stream.ts'
import { formatShare } from './share.ts'

export interface MessageHtmlRequest {
  readonly page: PageTemplate
  readonly envelopeShare: Uint8Array
  /** The server brings a native one. */
  readonly writeBase64: WriteBase64
  /** A posted form larger than this becomes a link. Default 8 MiB. */
  readonly maxPostedBytes?: number
}

/** Writes message.html while the age file is made: `start`, `push` for each piece, `finish`. envelope.md §4 */
export class MessageHtmlWriter {
  readonly #request: MessageHtmlRequest
  readonly #lines: Base64Lines

  constructor(request: MessageHtmlRequest) {
    this.#request = request
    this.#lines = new Base64Lines(request.writeBase64)
  }

  start(): readonly Uint8Array[] {
    return this.#request.page.head(formatShare(this.#request.envelopeShare))
  }

  /** Takes the age file in pieces; hands out whole lines as they become full, now and then. */
  push(ageBytes: Uint8Array, emit: Emit): void {
    this.#lines.push(ageBytes, emit)
  }

  finish(signature: Uint8Array): readonly Uint8Array[] {
    const last = this.#lines.finish()
    const { page, envelopeShare, maxPostedBytes = MAX_POSTED_BYTES } = this.#request
    const signatureText = toBase64(signature)
    const posted = 'envelope=\r\n\r\nsignature=\r\n'.length + signatureText.length
    const fits = posted + this.#lines.written <= maxPostedBytes
    return [
      last,
      utf8(`">\r\n<input type="hidden" form="open" name="signature" value="${signatureText}">\r\n`),
      ...page.tail(formatShare(envelopeShare), fits),
    ]
  }
}
