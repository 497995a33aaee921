import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { CheckLine } from './finding.ts'

type Described = Pick<CheckLine, 'state' | 'detail'>

/** Attack: what is shorter was factored in practice. RFC 8301 §3.2 */
const leastBits = 1024
const goodBits = 2048

/** What receivers can make of a DKIM key record. RFC 6376 §3.6.1, RFC 8463 */
export function describeDkimKey(record: string): Described {
  const tag = (name: string): string =>
    new RegExp(`(?:^|;)\\s*${name}\\s*=([^;]*)`).exec(record)?.[1]?.replaceAll(/\s/g, '') ?? ''
  if (tag('p') === '')
    return {
      state: 'failed',
      detail: 'the key is revoked (p= is empty); publish the one that signs',
    }
  const kind = tag('k') || 'rsa'
  const key = readKey(kind, Buffer.from(tag('p'), 'base64'))
  if (key === undefined)
    return { state: 'failed', detail: `no ${kind} key can be read in p=; publish it anew` }
  return kind === 'rsa' ? describeRsa(key) : { state: 'ok', detail: `${kind} key is published` }
}

function describeRsa(key: KeyObject): Described {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < leastBits)
    return {
      state: 'failed',
      detail: `an RSA key of ${bits} bits, which receivers refuse; make one of 2048`,
    }
  if (bits < goodBits)
    return { state: 'warning', detail: `an RSA key of ${bits} bits; make one of 2048` }
  return { state: 'ok', detail: `an RSA key of ${bits} bits is published` }
}

/** Undefined when there is none in these bytes. */
function readKey(kind: string, bytes: Buffer): KeyObject | undefined {
  try {
    if (kind === 'ed25519')
      return createPublicKey({ key: bytes, format: 'raw-public', asymmetricKeyType: 'ed25519' })
    if (kind !== 'rsa') return undefined
    const key = createPublicKey({ key: bytes, format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}
