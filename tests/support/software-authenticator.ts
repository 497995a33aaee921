import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type {
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyQuestion,
  PasskeyRegistration,
} from '../../src/core/api/passkeys.ts'

/** One passkey, as an authenticator holds it. WebAuthn Level 3 §6 */
export interface SoftwareAuthenticator {
  /** Options of the next answer; a test changes them. */
  readonly options: { origin: string; rpId?: string; userVerified: boolean; counter: number }
  readonly id: string
  make(creation: PasskeyCreation): PasskeyRegistration
  answer(
    question: PasskeyQuestion,
    stanza: string,
  ): Omit<PasskeyAssertion, 'privateComputer'> & { readonly privateComputer: boolean }
}

const FLAG_PRESENT = 0x01
const FLAG_VERIFIED = 0x04
const FLAG_CREDENTIAL = 0x40

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
const base64url = (data: Uint8Array): string => Buffer.from(data).toString('base64url')

export function softwareAuthenticator(origin: string): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rawId = randomBytes(32)
  const id = base64url(rawId)
  const options: SoftwareAuthenticator['options'] = { origin, userVerified: true, counter: 0 }
  const clientData = (type: string, challenge: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: options.origin, crossOrigin: false }))
  const authenticatorData = (rpId: string, flags: number, rest: Uint8Array): Buffer => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(options.counter)
    const all = FLAG_PRESENT | (options.userVerified ? FLAG_VERIFIED : 0) | flags
    return Buffer.concat([sha256(options.rpId ?? rpId), Buffer.from([all]), counter, rest])
  }
  return {
    options,
    id,
    make(creation) {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      // RFC 9053 §7.1.1: an EC2 key for ES256 on P-256.
      const cose = isoCBOR.encode(
        new Map<number, number | Uint8Array<ArrayBuffer>>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
          [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
        ]),
      )
      const length = Buffer.from([0, rawId.length])
      const credential = Buffer.concat([Buffer.alloc(16), length, rawId, cose])
      const data = authenticatorData(creation.rpId, FLAG_CREDENTIAL, credential)
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(data)],
        ]) as Parameters<typeof isoCBOR.encode>[0],
      )
      return {
        token: creation.token,
        id,
        clientDataJSON: base64url(clientData('webauthn.create', creation.challenge)),
        attestationObject: base64url(attestation),
        transports: ['internal'],
        locale: 'en',
      }
    },
    answer(question, stanza) {
      const client = clientData('webauthn.get', question.challenge)
      const data = authenticatorData(question.rpId, 0, Buffer.alloc(0))
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      return {
        stanza,
        token: question.token,
        id,
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(signature),
        privateComputer: false,
      }
    },
  }
}
