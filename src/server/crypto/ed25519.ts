import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
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
  const key = importPrivate(privateKey)
  return message => sign(null, message, key)
}

/** The same in libuv's threads, so that other mails go on meanwhile. @throws as `ed25519Signer`. */
export function ed25519ThreadSigner(
  privateKey: Uint8Array,
): (message: Uint8Array) => Promise<Uint8Array> {
  const key = importPrivate(privateKey)
  return message => signInThread(null, message, key)
}

const signInThread = promisify(sign)

function importPrivate(privateKey: Uint8Array): KeyObject {
  return createPrivateKey({
    key: Buffer.from(privateKey),
    format: 'raw-private',
    asymmetricKeyType: 'ed25519',
  })
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
