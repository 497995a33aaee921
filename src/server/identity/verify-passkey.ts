import { PASSKEY_ALGORITHMS } from '../../core/api/passkeys.ts'
import type { PasskeyAssertion, PasskeyRegistration } from '../../core/api/passkeys.ts'
import type { StoredPasskey } from '../store/store.ts'

/** Loaded at the first passkey: it is large, and most processes never need it. */
const webAuthn = () => import('@simplewebauthn/server')

/** Who asks: WebAuthn Level 3 §7 binds every answer to it. */
export interface RelyingParty {
  /** Canonical: `https://mail.example.com` */
  readonly origin: string
  /** The organisation's canonical host, without a port. */
  readonly rpId: string
}

export interface NewCredential {
  readonly credentialId: string
  readonly publicKey: Uint8Array
  readonly counter: number
}

/** Null when the answer does not belong to the challenge, the origin or the host. WebAuthn Level 3 §7.1 */
export async function verifyNewPasskey(
  { origin, rpId }: RelyingParty,
  { id, clientDataJSON, attestationObject, transports }: PasskeyRegistration,
  challenge: string,
): Promise<NewCredential | null> {
  const { verifyRegistrationResponse } = await webAuthn()
  const verified = await orNull(
    verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject, transports: [...transports] },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    }),
  )
  if (verified?.verified !== true) return null
  const { credential } = verified.registrationInfo
  const { publicKey, counter } = credential
  return { credentialId: credential.id, publicKey: new Uint8Array(publicKey), counter }
}

export interface UsedCredential {
  readonly counter: number
  /** The device made sure who held it: PIN, finger, face. */
  readonly userVerified: boolean
}

/** Null when the signature, the challenge, the origin, the host or the counter is wrong. WebAuthn Level 3 §7.2 */
export async function verifyPasskeyUse(
  { origin, rpId }: RelyingParty,
  { id, clientDataJSON, authenticatorData, signature }: PasskeyAssertion,
  challenge: string,
  { publicKey, counter }: StoredPasskey,
): Promise<UsedCredential | null> {
  const { verifyAuthenticationResponse } = await webAuthn()
  const verified = await orNull(
    verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: { id, publicKey: new Uint8Array(publicKey), counter },
      requireUserVerification: false,
    }),
  )
  if (verified?.verified !== true) return null
  const { newCounter, userVerified } = verified.authenticationInfo
  return { counter: newCounter, userVerified }
}

/** The library throws for every answer that is not what it should be; all of them are one refusal. */
async function orNull<T>(verification: Promise<T>): Promise<T | null> {
  try {
    return await verification
  } catch {
    return null
  }
}
