import {
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  hash,
  randomBytes,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { I2OSP, concat, encode } from 'hpke'
import type { KEM, KEMFactory, Key, KeyPair } from 'hpke'

/** MLKEM768-X25519 of draft-ietf-hpke-pq-05 (X-Wing's combiner), through node:crypto. */
const ID = 0x647a
const NAME = 'MLKEM768-X25519'
const SEED_BYTES = 32
const PQ_SEED_BYTES = 64
const PQ_PUBLIC_BYTES = 1184
const PQ_CIPHERTEXT_BYTES = 1088
const X25519_BYTES = 32
/** `\.//^\` : draft-irtf-cfrg-hybrid-kems-12, label of the combiner. */
const LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c)
const SUITE_ID = concat(encode('KEM'), I2OSP(ID, 2))
const DERIVE_LABEL = encode('DeriveKeyPair')

class PublicKey implements Key {
  readonly algorithm: { name: string } = { name: NAME }
  readonly type = 'public'
  readonly extractable = true
  readonly pq: KeyObject
  readonly x25519: KeyObject
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = Uint8Array.from(bytes)
    this.pq = importPublic('ml-kem-768', bytes.subarray(0, PQ_PUBLIC_BYTES))
    this.x25519 = importPublic('x25519', bytes.subarray(PQ_PUBLIC_BYTES))
  }

  get x25519Bytes(): Uint8Array {
    return this.bytes.subarray(PQ_PUBLIC_BYTES)
  }
}

class PrivateKey implements Key {
  readonly algorithm: { name: string } = { name: NAME }
  readonly type = 'private'
  readonly extractable: boolean
  readonly pq: KeyObject
  readonly x25519: KeyObject
  readonly x25519Public: Uint8Array
  readonly #seed: Uint8Array

  constructor(seed: Uint8Array, extractable: boolean) {
    this.#seed = Uint8Array.from(seed)
    this.extractable = extractable
    const expanded = shake256(seed, PQ_SEED_BYTES + X25519_BYTES)
    this.pq = importPrivate('ml-kem-768', 'raw-seed', expanded.subarray(0, PQ_SEED_BYTES))
    this.x25519 = importPrivate('x25519', 'raw-private', expanded.subarray(PQ_SEED_BYTES))
    this.x25519Public = rawPublic(createPublicKey(this.x25519))
  }

  get seed(): Uint8Array {
    return Uint8Array.from(this.#seed)
  }

  publicBytes(): Uint8Array {
    return concat(rawPublic(createPublicKey(this.pq)), this.x25519Public)
  }
}

type NativeKey = PublicKey | PrivateKey

function importPublic(type: 'ml-kem-768' | 'x25519', key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(key), format: 'raw-public', asymmetricKeyType: type })
}

function importPrivate(
  type: 'ml-kem-768' | 'x25519',
  format: 'raw-seed' | 'raw-private',
  key: Uint8Array,
): KeyObject {
  return createPrivateKey({ key: Buffer.from(key), format, asymmetricKeyType: type })
}

function rawPublic(key: KeyObject): Uint8Array {
  return key.export({ format: 'raw-public' })
}

function shake256(data: Uint8Array, length: number): Uint8Array {
  return hash('shake256', data, { outputLength: length, outputEncoding: 'buffer' })
}

/** draft-irtf-cfrg-hybrid-kems-12 §5.1.3, C2PRICombiner with SHA3-256. */
function combine(
  pqSecret: Uint8Array,
  xSecret: Uint8Array,
  xCiphertext: Uint8Array,
  xPublic: Uint8Array,
): Uint8Array {
  return hash('sha3-256', concat(pqSecret, xSecret, xCiphertext, xPublic, LABEL), 'buffer')
}

/** draft-ietf-hpke-pq-05 §5, one-stage LabeledDerive with SHAKE256. */
function deriveSeed(ikm: Uint8Array): Uint8Array {
  const label = concat(I2OSP(DERIVE_LABEL.length, 2), DERIVE_LABEL)
  const input = concat(ikm, encode('HPKE-v1'), SUITE_ID, label, I2OSP(SEED_BYTES, 2))
  return shake256(input, SEED_BYTES)
}

function keyPairOf(seed: Uint8Array, extractable: boolean): KeyPair<NativeKey> {
  const privateKey = new PrivateKey(seed, extractable)
  return { privateKey, publicKey: new PublicKey(privateKey.publicBytes()) }
}

function asPublic(key: NativeKey): PublicKey {
  if (key instanceof PublicKey) return key
  throw new TypeError('a public key is needed')
}

function asPrivate(key: NativeKey): PrivateKey {
  if (key instanceof PrivateKey) return key
  throw new TypeError('a private key is needed')
}

function encap(key: PublicKey): { shared_secret: Uint8Array; enc: Uint8Array } {
  const pq = encapsulate(key.pq)
  const ephemeral = generateKeyPairSync('x25519')
  const ciphertext = rawPublic(ephemeral.publicKey)
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: key.x25519 })
  return {
    shared_secret: combine(pq.sharedKey, secret, ciphertext, key.x25519Bytes),
    enc: concat(pq.ciphertext, ciphertext),
  }
}

function decap(enc: Uint8Array, key: PrivateKey): Uint8Array {
  const ciphertext = enc.subarray(PQ_CIPHERTEXT_BYTES)
  const pqSecret = decapsulate(key.pq, enc.subarray(0, PQ_CIPHERTEXT_BYTES))
  const secret = diffieHellman({
    privateKey: key.x25519,
    publicKey: importPublic('x25519', ciphertext),
  })
  return combine(pqSecret, secret, ciphertext, key.x25519Public)
}

/** The KEM for the `hpke` package; several times faster than its Web Crypto one. docs/envelope.md §2 */
export const nativeMlkem768X25519: KEMFactory = (): KEM<NativeKey> => ({
  id: ID,
  type: 'KEM',
  name: NAME,
  Nsecret: 32,
  Nenc: PQ_CIPHERTEXT_BYTES + X25519_BYTES,
  Npk: PQ_PUBLIC_BYTES + X25519_BYTES,
  Nsk: SEED_BYTES,
  DeriveKeyPair: async (ikm, extractable) => keyPairOf(deriveSeed(ikm), extractable),
  GenerateKeyPair: async extractable => keyPairOf(randomBytes(SEED_BYTES), extractable),
  SerializePublicKey: async key => Uint8Array.from(asPublic(key).bytes),
  DeserializePublicKey: async key => new PublicKey(key),
  SerializePrivateKey: async key => asPrivate(key).seed,
  DeserializePrivateKey: async (key, extractable) => new PrivateKey(key, extractable),
  Encap: async key => encap(asPublic(key)),
  Decap: async (enc, key) => decap(enc, asPrivate(key)),
})

/** A fresh key pair: 1216 bytes public, 32 bytes private (the seed). */
export function generateSealingKeyPair(): { publicKey: Uint8Array; privateKey: Uint8Array } {
  const privateKey = new PrivateKey(randomBytes(SEED_BYTES), true)
  return { publicKey: privateKey.publicBytes(), privateKey: privateKey.seed }
}
