import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { I2OSP, concat, encode } from 'hpke'
import type { KEM, KEMFactory, Key } from 'hpke'
import { nativeHkdfSha256 } from './native-primitives.ts'

/** DHKEM(P-256, HKDF-SHA256) through node:crypto: what is sealed to a browser's one-time key. RFC 9180 §4.1 */
const ID = 0x0010
const NAME = 'DHKEM(P-256, HKDF-SHA256)'
const POINT_BYTES = 65
/** SEC 1 §2.3.3 */
const UNCOMPRESSED = 0x04
const SECRET_BYTES = 32
const VERSION = encode('HPKE-v1')
const SUITE_ID = concat(encode('KEM'), I2OSP(ID, 2))
const NO_BYTES = new Uint8Array(0)

class PublicKey implements Key {
  readonly algorithm: { name: string } = { name: NAME }
  readonly type = 'public'
  readonly extractable = true
  readonly key: KeyObject
  readonly bytes: Uint8Array

  /** @throws TypeError for what is no uncompressed point of the curve */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== POINT_BYTES || bytes[0] !== UNCOMPRESSED)
      throw new TypeError('an uncompressed point is needed')
    this.bytes = Uint8Array.from(bytes)
    this.key = createPublicKey({
      key: Buffer.from(bytes),
      format: 'raw-public',
      asymmetricKeyType: 'ec',
      namedCurve: 'P-256',
    })
  }
}

async function encap(
  recipient: PublicKey,
): Promise<{ shared_secret: Uint8Array; enc: Uint8Array }> {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient.key })
  const enc = Uint8Array.from(ephemeral.publicKey.export({ format: 'raw-public' }))
  return { shared_secret: await extractAndExpand(secret, concat(enc, recipient.bytes)), enc }
}

/** RFC 9180 §4.1, with the labelled functions of §4 */
async function extractAndExpand(secret: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
  const hkdf = nativeHkdfSha256()
  const prk = await hkdf.Extract(NO_BYTES, concat(VERSION, SUITE_ID, encode('eae_prk'), secret))
  const label = concat(I2OSP(SECRET_BYTES, 2), VERSION, SUITE_ID, encode('shared_secret'))
  return hkdf.Expand(prk, concat(label, context), SECRET_BYTES)
}

function asPublic(key: Key): PublicKey {
  if (key instanceof PublicKey) return key
  throw new TypeError('a public key is needed')
}

const onlySeals = (): Promise<never> =>
  Promise.reject(new TypeError('the private half is in the browser'))

/** For the `hpke` package; the server only seals with it. */
export const nativeDhkemP256: KEMFactory = (): KEM => ({
  id: ID,
  type: 'KEM',
  name: NAME,
  Nsecret: SECRET_BYTES,
  Nenc: POINT_BYTES,
  Npk: POINT_BYTES,
  Nsk: 32,
  DeserializePublicKey: async key => new PublicKey(key),
  SerializePublicKey: async key => Uint8Array.from(asPublic(key).bytes),
  Encap: async key => encap(asPublic(key)),
  Decap: onlySeals,
  DeriveKeyPair: onlySeals,
  GenerateKeyPair: onlySeals,
  SerializePrivateKey: onlySeals,
  DeserializePrivateKey: onlySeals,
})
