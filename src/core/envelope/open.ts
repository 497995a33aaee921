import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { parseHeader } from './age-header.ts'
import type { ParsedHeader } from './age-header.ts'
import { equalBytes, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { ZEGEL_STANZA, readZegelStanza } from './stanza.ts'
import { NONCE_BYTES, openStream } from './stream.ts'
import type { OpenChunk } from './stream.ts'

/** The header of a Zegel message's age file. envelope.md §2 */
export interface AgeHeader extends ParsedHeader {
  /** The exact text of the one `zegel.v1` stanza, as `POST /api/describe` takes it. */
  readonly stanzaText: string
}

/** Recipient types of escrow stanzas; another type is a later version's. envelope.md §2 */
const ESCROW_TYPES: ReadonlySet<string> = new Set(['mlkem768x25519', 'X25519'])

/**
 * Reads the header of a Zegel message: exactly one stanza for the portal, escrow stanzas, nothing else.
 * @throws {EnvelopeError} `not-a-message`, `unknown-version`, `unknown-stanza`, `damaged-message`, `too-large`
 */
export function readAgeHeader(bytes: Uint8Array): AgeHeader {
  const header = parseHeader(bytes)
  const zegel = header.stanzas.findIndex(stanza => stanza.args[0] === ZEGEL_STANZA)
  for (const [i, stanza] of header.stanzas.entries())
    if (i === zegel || !ESCROW_TYPES.has(stanza.args[0])) checkOnlyStanza(i, zegel, header)
  const stanzaText = header.stanzaTexts[zegel]
  if (stanzaText === undefined) throw new EnvelopeError('not-a-message', 'no zegel.v1 stanza')
  return { ...header, stanzaText }
}

function checkOnlyStanza(i: number, zegel: number, header: ParsedHeader): void {
  const stanza = header.stanzas[i]
  if (stanza === undefined) return
  readZegelStanza(stanza)
  if (i !== zegel) throw new EnvelopeError('damaged-message', 'two zegel.v1 stanzas')
}

/** True when `fileKey` is the key of this header and nothing in it was altered. */
export function checkHeaderMac(header: ParsedHeader, fileKey: Uint8Array): boolean {
  const key = hkdf(sha256, fileKey, undefined, utf8('header'), 32)
  return equalBytes(hmac(sha256, key, header.macInput), header.mac)
}

/**
 * Opens an age file whose file key is known. Nothing is returned unless all of it is genuine.
 * Synchronous: meant for a worker. Takes as much memory as the plaintext, besides the file.
 * @param onProgress is told how many bytes of the payload are done, after each chunk of 64 KiB.
 * @throws {EnvelopeError} `wrong-key`, `altered-content`, and what `parseHeader` throws
 */
export function openAgeFile(
  bytes: Uint8Array,
  fileKey: Uint8Array,
  onProgress?: (done: number, total: number) => void,
): Uint8Array<ArrayBuffer> {
  const header = parseHeader(bytes)
  if (!checkHeaderMac(header, fileKey)) throw new EnvelopeError('wrong-key')
  const start = header.length + NONCE_BYTES
  if (bytes.length < start) throw new EnvelopeError('altered-content', 'cut off')
  const nonce = bytes.subarray(header.length, start)
  const key = hkdf(sha256, fileKey, nonce, utf8('payload'), 32)
  return openStream(bytes.subarray(start), chunkOpener(key), onProgress)
}

function chunkOpener(key: Uint8Array): OpenChunk {
  return (nonce, chunk) => chacha20poly1305(key, nonce).decrypt(chunk)
}
