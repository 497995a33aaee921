import type { SealedStream } from './delivery.ts'
import { preparedHereBytes } from './limits.ts'
import { startSealedMail } from './seal-mail.ts'
import type { PrepareMail, SealMailRequest, SealWholeMail } from './seal-mail.ts'
import type { SmallBody } from './small-body.ts'

/** Where a mail is sealed: see preparing-threads.ts. */
export interface SealInThread {
  readonly prepareMail: PrepareMail
  readonly sealWholeMail: SealWholeMail
}

/**
 * Seals a mail of which all is at hand as a whole, else while it streams.
 * @param declaredBytes what the client said (RFC 1870)
 * @throws {EnvelopeError} what `prepareMail` throws
 */
export async function startSealedStream(
  { prepareMail, sealWholeMail }: SealInThread,
  request: SealMailRequest,
  body: SmallBody,
  declaredBytes = 0,
): Promise<SealedStream> {
  if (body.isWhole) return sealedBefore(await sealWholeMail(request, body.begun))
  return startSealedMail(request, declaredBytes > preparedHereBytes ? undefined : prepareMail)
}

/** Takes the original once more, which was sealed as a whole already. */
function sealedBefore(wrapper: Uint8Array): SealedStream {
  return { push: () => [], finish: () => [wrapper] }
}
