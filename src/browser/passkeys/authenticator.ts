import { fromBase64Url, toBase64Url } from '../../core/envelope/base64.ts'
import { PASSKEY_ALGORITHMS } from '../../core/api/passkeys.ts'
import type {
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyQuestion,
  PasskeyRegistration,
} from '../../core/api/passkeys.ts'

/** How long the browser's dialogue stays open. */
const timeoutMs = 5 * 60 * 1000

/** What the person said, or why not: they closed the dialogue, or their device has a passkey already. */
export type Made =
  | { readonly ok: true; readonly made: Omit<PasskeyRegistration, 'token' | 'locale'> }
  | { readonly ok: false; readonly why: 'cancelled' | 'exists' }

/** Has the person's device make a passkey that it can find by itself. WebAuthn Level 3 §5.1.3 */
export async function createPasskey(creation: PasskeyCreation): Promise<Made> {
  const { rpId, rpName, userName } = creation
  try {
    const credential = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(creation.challenge),
        rp: { id: rpId, name: rpName },
        user: { id: bytes(creation.userId), name: userName, displayName: userName },
        pubKeyCredParams: PASSKEY_ALGORITHMS.map(alg => ({ type: 'public-key', alg })),
        excludeCredentials: creation.exclude.map(id => ({ type: 'public-key', id: bytes(id) })),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'preferred',
        },
        attestation: 'none',
        timeout: timeoutMs,
      },
    })
    return readCreated(credential)
  } catch (error) {
    // §5.1.3 step 20: the authenticator holds one of `excludeCredentials`.
    const exists = error instanceof DOMException && error.name === 'InvalidStateError'
    return { ok: false, why: exists ? 'exists' : 'cancelled' }
  }
}

function readCreated(credential: Credential | null): Made {
  if (!(credential instanceof PublicKeyCredential)) return { ok: false, why: 'cancelled' }
  const { response } = credential
  if (!(response instanceof AuthenticatorAttestationResponse))
    return { ok: false, why: 'cancelled' }
  const made = {
    id: text(credential.rawId),
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports(),
  }
  return { ok: true, made }
}

export type Assertion = Pick<
  PasskeyAssertion,
  'id' | 'clientDataJSON' | 'authenticatorData' | 'signature'
>

/** Has the person pick a passkey of theirs, on this device or another; null when they closed the dialogue. */
export async function askForPasskey(question: PasskeyQuestion): Promise<Assertion | null> {
  const credential = await navigator.credentials
    .get({
      publicKey: {
        challenge: bytes(question.challenge),
        rpId: question.rpId,
        userVerification: 'preferred',
        timeout: timeoutMs,
      },
    })
    .catch(() => null)
  if (!(credential instanceof PublicKeyCredential)) return null
  const { response } = credential
  if (!(response instanceof AuthenticatorAssertionResponse)) return null
  return {
    id: text(credential.rawId),
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
  }
}

function bytes(value: string): Uint8Array<ArrayBuffer> {
  return fromBase64Url(value) ?? new Uint8Array()
}

function text(value: ArrayBuffer): string {
  return toBase64Url(new Uint8Array(value))
}
