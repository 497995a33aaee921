import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { EnvelopeErrorCode } from '../../core/envelope/errors.ts'
import { openAgeFileWeb } from '../../core/envelope/open-web.ts'
import type { HeaderToCheck } from '../../core/envelope/open-web.ts'
import { chunkCipher } from './chunk-cipher.ts'
import { verifySignature } from './verify-signature.ts'

export interface OpenLetterRequest {
  readonly ageFile: Blob
  /** Of that file. */
  readonly header: HeaderToCheck
  readonly signature: Uint8Array
  readonly fileKey: Uint8Array
  /** Ed25519, 32 bytes; came with the released share. */
  readonly signingKey: Uint8Array
}

export type OpenLetterAnswer =
  | {
      readonly ok: true
      readonly mail: Uint8Array<ArrayBuffer>
      /** The same as a file; made here, for copying 25 MB would block the page. */
      readonly original: Blob
    }
  | { readonly ok: false; readonly code: EnvelopeErrorCode }

/**
 * Opens an age file and says yes only when header MAC, every chunk, the final chunk and the
 * organisation's signature over the whole file hold. envelope.md §3, §6
 */
export async function openLetter(
  request: OpenLetterRequest,
  onProgress: (done: number, total: number) => void,
): Promise<OpenLetterAnswer> {
  const ageFile = new Uint8Array(await request.ageFile.arrayBuffer())
  if (!(await verifySignature(ageFile, request.signature, request.signingKey)))
    return { ok: false, code: 'bad-signature' }
  try {
    const mail = await openAgeFileWeb(
      ageFile,
      request.header,
      request.fileKey,
      chunkCipher,
      onProgress,
    )
    return { ok: true, mail, original: new Blob([mail], { type: 'message/rfc822' }) }
  } catch (error) {
    if (error instanceof EnvelopeError) return { ok: false, code: error.code }
    throw error
  }
}
