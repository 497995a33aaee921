import { concat, ownBytes, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'

/** HPKE info of a released share. protocol.md §4 */
export const RELEASE_INFO: Uint8Array<ArrayBuffer> = utf8('zegel.v1 release')

/** A browser's one-time key for one release. */
export interface ReleaseReceiver {
  /** P-256 point, 65 bytes uncompressed: `browserKey` of `POST /api/release`. */
  readonly publicKey: Uint8Array
  /**
   * The portal's share, sealed to this key for exactly this stanza.
   * @throws {EnvelopeError} `cannot-unwrap`
   */
  open(sealed: { enc: Uint8Array; ct: Uint8Array }, stanza: string): Promise<Uint8Array>
}

/** A one-time key pair of P-256 and what it agrees on with a peer's point. RFC 9180 §4.1, DH */
export interface AgreementKey {
  /** 65 bytes, uncompressed. */
  readonly publicKey: Uint8Array
  /** The 32 bytes of the shared x-coordinate; rejects or throws for what is no point of the curve. */
  readonly agree: (peer: Uint8Array) => Promise<Uint8Array> | Uint8Array
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const POINT_BYTES = 65
const KEM_SUITE = concat(utf8('KEM'), Uint8Array.of(0x00, 0x10))
/** DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. RFC 9180 §7 */
const HPKE_SUITE = concat(utf8('HPKE'), Uint8Array.of(0x00, 0x10, 0x00, 0x01, 0x00, 0x02))
const NO_BYTES = new Uint8Array(0)

/**
 * HPKE base mode with Web Crypto alone: no library to load before the message is shown. RFC 9180
 * @param key another implementation's, for a browser whose Web Crypto lacks the curve
 */
export async function createReleaseReceiver(key?: AgreementKey): Promise<ReleaseReceiver> {
  const own = key ?? (await webAgreementKey())
  return {
    publicKey: own.publicKey,
    async open(sealed, stanza) {
      try {
        const secret = await decapsulate(own, sealed.enc)
        return await openBase(secret, sealed.ct, await digest(utf8(stanza)))
      } catch (cause) {
        throw new EnvelopeError('cannot-unwrap', 'release', { cause })
      }
    },
  }
}

/** The private half cannot be read out. */
async function webAgreementKey(): Promise<AgreementKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    async agree(peer) {
      const point = await crypto.subtle.importKey('raw', ownBytes(peer), CURVE, false, [])
      const algorithm = { name: 'ECDH', public: point }
      return new Uint8Array(await crypto.subtle.deriveBits(algorithm, pair.privateKey, 256))
    },
  }
}

/** RFC 9180 §4.1, Decap */
async function decapsulate(
  { publicKey, agree }: AgreementKey,
  enc: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (enc.length !== POINT_BYTES) throw new EnvelopeError('cannot-unwrap', 'encapsulated key')
  const prk = await labeledExtract(KEM_SUITE, NO_BYTES, 'eae_prk', await agree(enc))
  return labeledExpand(KEM_SUITE, prk, 'shared_secret', concat(enc, publicKey), 32)
}

/** RFC 9180 §5.1, key schedule of base mode, and one Open. */
async function openBase(
  secret: Uint8Array<ArrayBuffer>,
  ct: Uint8Array,
  aad: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const pskIdHash = await labeledExtract(HPKE_SUITE, NO_BYTES, 'psk_id_hash', NO_BYTES)
  const infoHash = await labeledExtract(HPKE_SUITE, NO_BYTES, 'info_hash', RELEASE_INFO)
  const context = concat(Uint8Array.of(0), pskIdHash, infoHash)
  const prk = await labeledExtract(HPKE_SUITE, secret, 'secret', NO_BYTES)
  const keyBytes = await labeledExpand(HPKE_SUITE, prk, 'key', context, 32)
  const iv = await labeledExpand(HPKE_SUITE, prk, 'base_nonce', context, 12)
  const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['decrypt'])
  const parameters = { name: 'AES-GCM', iv, additionalData: aad }
  return new Uint8Array(await crypto.subtle.decrypt(parameters, key, ownBytes(ct)))
}

/** RFC 9180 §4 */
function labeledExtract(
  suite: Uint8Array,
  salt: Uint8Array<ArrayBuffer>,
  label: string,
  ikm: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return hmac(salt, concat(utf8('HPKE-v1'), suite, utf8(label), ikm))
}

/** RFC 9180 §4; at most one block of SHA-256. */
async function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array<ArrayBuffer>,
  label: string,
  info: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const labeled = concat(Uint8Array.of(0, length), utf8('HPKE-v1'), suite, utf8(label), info)
  return (await hmac(prk, concat(labeled, Uint8Array.of(1)))).slice(0, length)
}

/** HMAC-SHA-256; an empty key is 32 zeros, which Web Crypto refuses to import as an empty one. */
async function hmac(
  key: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = key.length === 0 ? new Uint8Array(32) : key
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data))
}

async function digest(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data))
}
