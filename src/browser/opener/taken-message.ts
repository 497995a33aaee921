import { fromBase64, fromLooseBase64 } from '../../core/envelope/base64.ts'
import { utf8 } from '../../core/envelope/bytes.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { EnvelopeErrorCode } from '../../core/envelope/errors.ts'
import { readAgeHeader } from '../../core/envelope/open.ts'

/** A message as it came in. Nothing of it is verified yet; the share may still stand in the address. */
export interface TakenMessage {
  readonly ageFile: Blob
  /** 64 bytes. */
  readonly signature: Uint8Array<ArrayBuffer>
  /** Exact text of its `zegel.v1` stanza. */
  readonly stanza: string
  /** 16 bytes. */
  readonly share: Uint8Array<ArrayBuffer> | null
}

/** What the portal handed back to its own page: padded base64. */
export interface PostedEnvelope {
  readonly envelope: string
  readonly signature: string
}

export type TakeInAnswer =
  | { readonly ok: true; readonly message: TakenMessage }
  | { readonly ok: false; readonly code: EnvelopeErrorCode }

/** Wrong, torn and truncated input is an answer with a code. */
export async function answerTaken(
  read: () => TakenMessage | Promise<TakenMessage>,
): Promise<TakeInAnswer> {
  try {
    return { ok: true, message: await read() }
  } catch (error) {
    if (error instanceof EnvelopeError) return { ok: false, code: error.code }
    throw error
  }
}

/** Reads what was posted. */
export function takePosted({ envelope, signature }: PostedEnvelope): Promise<TakeInAnswer> {
  return answerTaken(() => {
    const ageFile = fromLooseBase64(utf8(envelope))
    const signatureBytes = fromBase64(signature)
    if (ageFile === null || signatureBytes?.length !== 64)
      throw new EnvelopeError('damaged-message', 'posted block')
    return toTaken(ageFile, signatureBytes, null)
  })
}

/** @throws {EnvelopeError} for an age file that is no message of ours */
export function toTaken(
  ageFile: Uint8Array,
  signature: Uint8Array,
  share: Uint8Array | null,
): TakenMessage {
  return {
    ageFile: new Blob([Uint8Array.from(ageFile)]),
    signature: Uint8Array.from(signature),
    stanza: readAgeHeader(ageFile).stanzaText,
    share: share === null ? null : Uint8Array.from(share),
  }
}
