import { p256 } from '@noble/curves/nist.js'
import type { AgreementKey } from '../../core/envelope/release.ts'

/** P-256 by the audited @noble/curves, for a browser without it in Web Crypto; loaded only there. */
export function nobleAgreementKey(): AgreementKey {
  const secret = p256.utils.randomSecretKey()
  return {
    publicKey: p256.getPublicKey(secret, false),
    // SEC 1 §2.3.5: one byte of form, then x. Throws for what is no point of the curve.
    agree: peer => p256.getSharedSecret(secret, peer).subarray(1),
  }
}
