import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Sign, Verify } from '../../core/envelope/record.ts'

/** A fresh Ed25519 key pair: 32 bytes each (RFC 8032). */
export function generateSigningKeyPair(): { publicKey: Uint8Array; privateKey: Uint8Array } {
  const pair = generateKeyPairSync('ed25519')
  return {
    publicKey: pair.publicKey.export({ format: 'raw-public' }),
    privateKey: pair.privateKey.export({ format: 'raw-private' }),
  }
}

/** @param privateKey 32 bytes. @throws TypeError or Error for another length. */
export function ed25519Signer(privateKey: Uint8Array): Sign {
  return signWith(ed25519PrivateKey(privateKey))
}

/** The key as another thread can have it too. @param privateKey 32 bytes. @throws TypeError or Error for another length. */
export function ed25519PrivateKey(privateKey: Uint8Array): KeyObject {
  return createPrivateKey({
    key: Buffer.from(privateKey),
    format: 'raw-private',
    asymmetricKeyType: 'ed25519',
  })
}

/** @param key an Ed25519 private key. */
export function signWith(key: KeyObject): Sign {
  return message => sign(null, message, key)
}

/** @param publicKey 32 bytes. @throws TypeError or Error for another length. */
export function ed25519Verifier(publicKey: Uint8Array): Verify {
  const key = createPublicKey({
    key: Buffer.from(publicKey),
    format: 'raw-public',
    asymmetricKeyType: 'ed25519',
  })
  return (message, signature) => signature.length === 64 && verify(null, message, key, signature)
}
