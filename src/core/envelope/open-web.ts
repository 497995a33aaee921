import type { ParsedHeader } from './age-header.ts'
import { equalBytes, ownBytes, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { CHUNK_BYTES, NONCE_BYTES, StreamNonce, TAG_BYTES, plaintextLength } from './stream.ts'

/** Opens one chunk, tag included, with ChaCha20-Poly1305. Rejects or throws when it was altered. */
export type OpenChunkLater = (
  nonce: Uint8Array<ArrayBuffer>,
  chunk: Uint8Array<ArrayBuffer>,
) => Promise<Uint8Array> | Uint8Array
/** Makes the chunk cipher of a 32-byte payload key. */
export type ChunkCipher = (key: Uint8Array<ArrayBuffer>) => Promise<OpenChunkLater>

/** Of a parsed header what tells whether it is genuine; can be posted to a worker. */
export type HeaderToCheck = Pick<ParsedHeader, 'macInput' | 'mac' | 'length'>

/**
 * What `openAgeFile` does, with Web Crypto: a browser has the hashes, and its newer versions the
 * cipher too, so that a page need not bring them along. Nothing is returned unless all of it is genuine.
 * @param header of these bytes, as `parseHeader` reads it: who calls has done so, and it is not brought along twice
 * @param cipher of the payload's chunks: the browser's own or one brought along
 * @param onProgress is told how many bytes of the payload are done, after each chunk of 64 KiB
 * @throws {EnvelopeError} `wrong-key`, `altered-content`
 */
export async function openAgeFileWeb(
  bytes: Uint8Array,
  header: HeaderToCheck,
  fileKey: Uint8Array,
  cipher: ChunkCipher,
  onProgress?: (done: number, total: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!equalBytes(header.macInput, bytes.subarray(0, header.macInput.length)))
    throw new EnvelopeError('altered-content', 'another header')
  const secret = await crypto.subtle.importKey('raw', ownBytes(fileKey), 'HKDF', false, [
    'deriveBits',
  ])
  if (!(await isHeaderGenuine(header, secret))) throw new EnvelopeError('wrong-key')
  const start = header.length + NONCE_BYTES
  if (bytes.length < start) throw new EnvelopeError('altered-content', 'cut off')
  const nonce = bytes.slice(header.length, start)
  const open = await cipher(await derive(secret, nonce, 'payload'))
  return openStreamLater(ownBytes(bytes.subarray(start)), open, onProgress)
}

/** age v1, header MAC: HMAC-SHA-256 under HKDF of the file key with the info `header`. */
async function isHeaderGenuine(header: HeaderToCheck, secret: CryptoKey): Promise<boolean> {
  const bytes = await derive(secret, new Uint8Array(0), 'header')
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
  return crypto.subtle.verify('HMAC', key, ownBytes(header.mac), ownBytes(header.macInput))
}

async function derive(
  secret: CryptoKey,
  salt: Uint8Array<ArrayBuffer>,
  info: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, secret, 256))
}

/** @throws {EnvelopeError} `altered-content` */
async function openStreamLater(
  payload: Uint8Array<ArrayBuffer>,
  open: OpenChunkLater,
  onProgress?: (done: number, total: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new Uint8Array(plaintextLength(payload.length))
  const nonce = new StreamNonce()
  let at = 0
  for (let done = 0; done < payload.length; nonce.next()) {
    const sealed = payload.subarray(done, done + CHUNK_BYTES + TAG_BYTES)
    done += sealed.length
    const chunk = await openChunk(
      open,
      done === payload.length ? nonce.last() : nonce.bytes,
      sealed,
    )
    plain.set(chunk, at)
    at += chunk.length
    onProgress?.(done, payload.length)
  }
  return plain
}

async function openChunk(
  open: OpenChunkLater,
  nonce: Uint8Array,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  try {
    return await open(ownBytes(nonce), sealed)
  } catch (cause) {
    throw new EnvelopeError('altered-content', undefined, { cause })
  }
}
