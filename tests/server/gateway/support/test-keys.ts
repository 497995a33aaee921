import { createHmac, createSecretKey } from 'node:crypto'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { SealingMaterial } from '../../../../src/core/envelope/seal.ts'
import { keyIdOf } from '../../../../src/core/envelope/key-id.ts'
import { readMessageHtml } from '../../../../src/core/envelope/read-message-html.ts'
import { generateReplyKeyPair } from '../../../../src/server/crypto/age-keys.ts'
import {
  ed25519PrivateKey,
  generateSigningKeyPair,
  signWith,
} from '../../../../src/server/crypto/ed25519.ts'
import { generateSealingKeyPair } from '../../../../src/server/crypto/mlkem768-x25519.ts'
import type { ThreadKeys } from '../../../../src/server/gateway/preparing-threads.ts'

/** Real keys of an organisation, with a classical escrow key by which a test reads what was sealed. */
export interface TestKeys {
  readonly material: (organisationId: string) => SealingMaterial
  readonly mac: (data: Uint8Array) => Uint8Array
  /** The same secrets for threads. */
  readonly forThreads: ThreadKeys
  /** The original out of a wrapper mail, by the age library and the escrow key. */
  readonly open: (wrapper: Uint8Array) => Promise<Buffer>
}

export async function makeTestKeys(): Promise<TestKeys> {
  const sealing = generateSealingKeyPair()
  const signing = generateSigningKeyPair()
  const reply = generateReplyKeyPair()
  const escrow = await generateX25519Identity()
  const recipient = await identityToRecipient(escrow)
  const signingKey = ed25519PrivateKey(signing.privateKey)
  const sign = signWith(signingKey)
  const macKey = createSecretKey(Buffer.from('a key for tests'))
  return {
    material: organisationId => ({
      organisationId,
      sealingKeyId: keyIdOf(organisationId, sealing.publicKey),
      sealingPublicKey: sealing.publicKey,
      signingKeyId: keyIdOf(organisationId, signing.publicKey),
      sign,
      replyRecipient: reply.recipient,
      escrowRecipients: [recipient],
      allowClassicalEscrow: true,
    }),
    mac: data => new Uint8Array(createHmac('sha256', macKey).update(data).digest()),
    forThreads: { mac: macKey, signing: () => signingKey },
    open: async wrapper => {
      const decrypter = new Decrypter()
      decrypter.addIdentity(escrow)
      return Buffer.from(await decrypter.decrypt(readMessageHtml(messageHtml(wrapper)).ageFile))
    },
  }
}

/** The attachment of a wrapper mail; it is 7bit, so its bytes stand in the mail as they are. */
export function messageHtml(wrapper: Uint8Array): Buffer {
  const bytes = Buffer.from(wrapper)
  const part = bytes.indexOf('filename="message.html"')
  if (part === -1) throw new Error('no message.html in this mail')
  const start = bytes.indexOf('\r\n\r\n', part) + 4
  return bytes.subarray(start, bytes.lastIndexOf('\r\n--zegel-'))
}
