import { createPrivateKey, X509Certificate } from 'node:crypto'

/**
 * OpenSSL takes an empty file for "none", and a key of another kind than the certificate's beside it; then no handshake
 * succeeds.
 *
 * @throws Error when one is none, or the key is not the certificate's
 */
export function checkKeyPair({
  certificate,
  key,
}: {
  readonly certificate: string
  readonly key: string
}): void {
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
    throw new Error('the key is not the key of the certificate')
}
