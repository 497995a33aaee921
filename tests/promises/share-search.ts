import { createHmac, hkdfSync } from 'node:crypto'
import { parseHeader } from '../../src/core/envelope/age-header.ts'

const SHARE_BYTES = 16

/**
 * An attacker who has one share and a heap of bytes: takes every 16 bytes of the heap, as they are and as
 * base64, base64url or hexadecimal from every character on, for the other share, and tries the header's MAC.
 * Returns the file key when one of them is it.
 */
export function searchForShare(
  ageFile: Uint8Array,
  knownShare: Uint8Array,
  heap: Buffer,
): Buffer | null {
  const { macInput, mac } = parseHeader(ageFile)
  const isKey = (fileKey: Buffer): boolean => {
    const key = Buffer.from(hkdfSync('sha256', fileKey, '', 'header', 32))
    return createHmac('sha256', key).update(macInput).digest().equals(mac)
  }
  const tried = new Set<string>()
  for (const candidate of candidates(heap)) {
    const name = candidate.toString('latin1')
    if (tried.has(name)) continue
    tried.add(name)
    const fileKey = Buffer.from(candidate.map((byte, i) => byte ^ (knownShare[i] ?? 0)))
    if (isKey(fileKey)) return fileKey
  }
  // The share itself may also have been thrown away after joining: look for the whole key.
  for (const name of tried) {
    const fileKey = Buffer.from(name, 'latin1')
    if (isKey(fileKey)) return fileKey
  }
  return null
}

function* candidates(heap: Buffer): Generator<Buffer> {
  for (let at = 0; at + SHARE_BYTES <= heap.length; at++) yield heap.subarray(at, at + SHARE_BYTES)
  const text = heap.toString('latin1')
  for (const [, run = ''] of text.matchAll(/([A-Za-z0-9+/_-]{22,})/g))
    for (let at = 0; at + 22 <= run.length; at++)
      yield Buffer.from(run.slice(at, at + 22), 'base64url')
  for (const [, run = ''] of text.matchAll(/([0-9A-Fa-f]{32,})/g))
    for (let at = 0; at + 32 <= run.length; at++) yield Buffer.from(run.slice(at, at + 32), 'hex')
}
