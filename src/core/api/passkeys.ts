/**
 * What browser and portal say to each other about passkeys, as JSON (`/api/passkeys/*`). Binary
 * values are base64url without padding, as in WebAuthn Level 3 §5.1.8. protocol.md §3
 */

import {
  MAX_CHALLENGE_CHARACTERS,
  MAX_LOCALE_CHARACTERS,
  MAX_PASSKEYS,
  MAX_SENTENCE_CHARACTERS,
  MAX_STANZA_CHARACTERS,
  MAX_TYPED_ADDRESS_CHARACTERS,
} from './limits.ts'
import { flag, integer, list, object, text } from './shape.ts'
import type { Shape } from './shape.ts'

/**
 * COSE names of the signatures that a new passkey may make: ES256, EdDSA, RS256, which are what
 * authenticators have. RFC 9053 §2, RFC 8812 §2
 */
export const PASSKEY_ALGORITHMS: readonly number[] = [-7, -8, -257]

/** `POST /api/passkeys/register/options`: for an address that this session has proven. */
export interface PasskeyCreationRequest {
  readonly address: string
}

export interface PasskeyCreation {
  /** Sealed state of the ceremony; comes back once. */
  readonly token: string
  readonly challenge: string
  readonly rpId: string
  readonly rpName: string
  /** Keyed hash of the address: a second passkey on one authenticator takes the place of the first. */
  readonly userId: string
  /** What the person's device calls it: the address. */
  readonly userName: string
  /** Passkeys of this address that exist: the authenticator that holds one makes no second. */
  readonly exclude: readonly string[]
}

/** `POST /api/passkeys/register/verify` */
export interface PasskeyRegistration {
  readonly token: string
  readonly id: string
  readonly clientDataJSON: string
  readonly attestationObject: string
  readonly transports: readonly string[]
  /** BCP 47 tag of the notice mail's language. */
  readonly locale: string
}

/** `POST /api/passkeys/authenticate/options` */
export interface PasskeyQuestion {
  readonly token: string
  readonly challenge: string
  readonly rpId: string
}

/** `POST /api/passkeys/authenticate/verify`; answers a `SessionView` */
export interface PasskeyAssertion {
  /** The message to open: the passkey's address is found among its recipients, it is stored nowhere. */
  readonly stanza: string
  readonly token: string
  readonly id: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
  readonly privateComputer: boolean
}

/** `GET /api/passkeys`: those of the addresses that this session has proven. */
export interface PasskeysAnswer {
  readonly passkeys: readonly PasskeyView[]
  /** Addresses for which this session may make one. */
  readonly makeable: readonly string[]
}

export interface PasskeyView {
  readonly id: string
  readonly address: string
  readonly createdAtMs: number
  readonly lastProvenAtMs: number
  /** When it ends without a fresh proof of the mailbox. */
  readonly lapsesAtMs: number
}

/** `DELETE /api/passkeys`: answers 204, also when it was gone already. */
export interface PasskeyRemoval {
  readonly id: string
}

const base64url = (max: number): Shape<string> => text({ min: 1, max, pattern: /^[A-Za-z0-9_-]+$/ })
const token = text({ min: 1, max: MAX_CHALLENGE_CHARACTERS, pattern: /^[A-Za-z0-9_.-]+$/ })
/** WebAuthn Level 3 §4: a credential id has at most 1023 bytes. */
const credentialId = base64url(1364)
/** `{"type":"webauthn.get","challenge":…,"origin":…}` and what browsers add to it. */
const clientDataJSON = base64url(4096)
const sentence = text({ max: MAX_SENTENCE_CHARACTERS })

export const passkeyCreationRequest: Shape<PasskeyCreationRequest> = object<PasskeyCreationRequest>(
  { address: text({ min: 1, max: MAX_TYPED_ADDRESS_CHARACTERS }) },
)

export const passkeyCreation: Shape<PasskeyCreation> = object<PasskeyCreation>({
  token,
  challenge: base64url(128),
  rpId: sentence,
  rpName: sentence,
  userId: base64url(86),
  userName: sentence,
  exclude: list(credentialId, MAX_PASSKEYS),
})

export const passkeyRegistration: Shape<PasskeyRegistration> = object<PasskeyRegistration>({
  token,
  id: credentialId,
  clientDataJSON,
  // `none` attestation: authenticator data with one public key.
  attestationObject: base64url(16 * 1024),
  transports: list(text({ max: 32, pattern: /^[a-z-]+$/ }), 16),
  locale: text({ max: MAX_LOCALE_CHARACTERS, pattern: /^[A-Za-z0-9-]+$/ }),
})

export const passkeyQuestion: Shape<PasskeyQuestion> = object<PasskeyQuestion>({
  token,
  challenge: base64url(128),
  rpId: sentence,
})

export const passkeyAssertion: Shape<PasskeyAssertion> = object<PasskeyAssertion>({
  stanza: text({ min: 1, max: MAX_STANZA_CHARACTERS }),
  token,
  id: credentialId,
  clientDataJSON,
  authenticatorData: base64url(4096),
  signature: base64url(1024),
  privateComputer: flag,
})

const view = object<PasskeyView>({
  id: base64url(64),
  address: sentence,
  createdAtMs: integer(),
  lastProvenAtMs: integer(),
  lapsesAtMs: integer(),
})

export const passkeysAnswer: Shape<PasskeysAnswer> = object<PasskeysAnswer>({
  passkeys: list(view, MAX_PASSKEYS * 8),
  makeable: list(sentence, 100),
})

export const passkeyRemoval: Shape<PasskeyRemoval> = object<PasskeyRemoval>({
  id: base64url(64),
})
