import { PolicyError, exactObject, parsePolicy } from '../policy/parse-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { fromBase64Url, toBase64Url } from './base64.ts'
import { concat, fromUtf8, u32, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { SHARE_BYTES } from './share.ts'
import { isKeyId } from './stanza.ts'

/** What the portal needs to know about a message. envelope.md §2 */
export interface SealedRecord {
  readonly version: 1
  readonly signingKeyId: string
  readonly portalShare: Uint8Array
  readonly policy: Policy
}

/** The record's length tells which of four classes it is in, not how many recipients there are. */
const PADDED_BYTES = [1024, 4 * 1024, 16 * 1024, 64 * 1024] as const
const SIGNATURE_BYTES = 64
const LENGTH_BYTES = 4
const PREFIX = utf8('zegel.v1 record\0')
const FIELDS = ['version', 'signingKeyId', 'portalShare', 'policy'] as const

/** An Ed25519 signer (64 bytes) and verifier. */
export type Sign = (message: Uint8Array) => Uint8Array
export type Verify = (message: Uint8Array, signature: Uint8Array) => boolean

/**
 * `signature ‖ u32 length ‖ JSON ‖ zeros`. envelope.md §2
 * @throws {EnvelopeError} `too-large` when it does not fit into 64 KiB.
 */
export function encodeRecord(record: SealedRecord, sign: Sign): Uint8Array<ArrayBuffer> {
  const json = utf8(
    JSON.stringify({
      version: record.version,
      signingKeyId: record.signingKeyId,
      portalShare: toBase64Url(record.portalShare),
      policy: record.policy,
    }),
  )
  const signed = concat(PREFIX, u32(json.length), json)
  const padded = new Uint8Array(paddedLength(SIGNATURE_BYTES + LENGTH_BYTES + json.length))
  padded.set(sign(signed), 0)
  padded.set(signed.subarray(PREFIX.length), SIGNATURE_BYTES)
  return padded
}

function paddedLength(length: number): number {
  const padded = PADDED_BYTES.find(size => size >= length)
  if (padded === undefined) throw new EnvelopeError('too-large', 'sealed record')
  return padded
}

/** Key ids and shares are 16 bytes as base64url. */
const ID_CHARACTERS = 22

/** Bytes of the padded record that holds a policy: what the length of its stanza tells anyone. */
export function recordLength(policy: Policy): number {
  const blank = 'A'.repeat(ID_CHARACTERS)
  const record = { version: 1, signingKeyId: blank, portalShare: blank, policy }
  return paddedLength(SIGNATURE_BYTES + LENGTH_BYTES + utf8(JSON.stringify(record)).length)
}

export interface UnverifiedRecord {
  /** The key id that the record names; nothing else of it may be used before `verify`. */
  readonly signingKeyId: string
  readonly signature: Uint8Array
  /** What the signature covers. */
  readonly signed: Uint8Array
  /**
   * Checks the signature, then reads the record.
   * @throws {EnvelopeError} `bad-signature`, `unknown-version`, `bad-record`
   */
  verify(verify: Verify): SealedRecord
}

/**
 * Takes a padded record apart without believing it.
 * @throws {EnvelopeError} `bad-record`
 */
export function readRecord(padded: Uint8Array): UnverifiedRecord {
  const end = jsonEnd(padded)
  const signature = padded.slice(0, SIGNATURE_BYTES)
  const json = padded.slice(SIGNATURE_BYTES + LENGTH_BYTES, end)
  const signed = concat(PREFIX, padded.subarray(SIGNATURE_BYTES, end))
  return {
    signingKeyId: namedKey(json),
    signature,
    signed,
    verify(verify) {
      if (!verify(signed, signature)) throw new EnvelopeError('bad-signature', 'record')
      return parseRecord(json)
    },
  }
}

function jsonEnd(padded: Uint8Array): number {
  if (!PADDED_BYTES.some(size => size === padded.length))
    throw new EnvelopeError('bad-record', 'length')
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(SIGNATURE_BYTES)
  const end = SIGNATURE_BYTES + LENGTH_BYTES + length
  if (end > padded.length || paddedLength(end) !== padded.length)
    throw new EnvelopeError('bad-record', 'length')
  if (padded.subarray(end).some(byte => byte !== 0))
    throw new EnvelopeError('bad-record', 'padding')
  return end
}

/** Which key to try: the only thing taken from a record that is not verified yet. */
function namedKey(json: Uint8Array): string {
  const value: unknown = parseJson(json)
  const id =
    typeof value === 'object' && value !== null && 'signingKeyId' in value
      ? value.signingKeyId
      : undefined
  if (typeof id !== 'string' || !isKeyId(id)) throw new EnvelopeError('bad-record', 'signing key')
  return id
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(json))
  } catch (cause) {
    throw new EnvelopeError('bad-record', 'JSON', { cause })
  }
}

function parseRecord(json: Uint8Array): SealedRecord {
  const value = parseJson(json)
  if (typeof value === 'object' && value !== null && 'version' in value && value.version !== 1)
    throw new EnvelopeError('unknown-version', 'record')
  try {
    const fields = exactObject(value, FIELDS, 'record')
    const portalShare = fromBase64Url(String(fields['portalShare']))
    if (portalShare?.length !== SHARE_BYTES) throw new EnvelopeError('bad-record', 'share')
    const policy = parsePolicy(fields['policy'])
    return { version: 1, signingKeyId: namedKey(json), portalShare, policy }
  } catch (cause) {
    if (cause instanceof PolicyError)
      throw new EnvelopeError('bad-record', cause.message, { cause })
    throw cause
  }
}
