import { Decrypter } from 'age-encryption'
import { EnvelopeError } from '../../core/envelope/errors.ts'

/**
 * The file key of an age header, whose MAC is checked with it.
 * @param identity as age writes it, `AGE-SECRET-KEY-PQ-1…`
 * @throws {EnvelopeError} `wrong-key` when it was not sealed for this identity, or altered
 */
export async function unwrapFileKey(header: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    return await decrypter.decryptHeader(header)
  } catch (cause) {
    throw new EnvelopeError('wrong-key', undefined, { cause })
  }
}
