import { formatAgeStanza, parseAgeStanza } from './age-header.ts'
import type { EncodeBase64, Stanza } from './age-header.ts'
import { EnvelopeError } from './errors.ts'
import { utf8 } from './bytes.ts'

/** Type of the one stanza that the portal opens. envelope.md §2 */
export const ZEGEL_STANZA = 'zegel.v1'
/** HPKE info and aad of its body. envelope.md §2 */
export const STANZA_INFO: Uint8Array = utf8('zegel.v1 stanza')
const ANY_ZEGEL = /^zegel\.v\d+$/
const KEY_ID = /^[A-Za-z0-9_-]{22}$/

export interface ZegelStanza {
  /** The sealing key's id: 22 base64url characters. */
  readonly keyId: string
  /** `enc ‖ ct`. */
  readonly body: Uint8Array
}

export function isKeyId(text: string): boolean {
  return KEY_ID.test(text)
}

/** The exact age text, final line end included. */
export function formatStanza(stanza: ZegelStanza, encode?: EncodeBase64): string {
  return formatAgeStanza({ args: [ZEGEL_STANZA, stanza.keyId], body: stanza.body }, encode)
}

/** Null when it is not exactly one stanza of version 1. */
export function parseStanza(text: string): ZegelStanza | null {
  try {
    const stanza = parseAgeStanza(text)
    return formatAgeStanza(stanza) === text ? readZegelStanza(stanza) : null
  } catch (error) {
    if (error instanceof EnvelopeError) return null
    throw error
  }
}

/** @throws {EnvelopeError} `unknown-version`, `unknown-stanza`, `damaged-message` */
export function readZegelStanza(stanza: Stanza): ZegelStanza {
  const [type, keyId, ...rest] = stanza.args
  if (type !== ZEGEL_STANZA)
    throw new EnvelopeError(ANY_ZEGEL.test(type) ? 'unknown-version' : 'unknown-stanza', type)
  if (keyId === undefined || rest.length > 0 || !isKeyId(keyId))
    throw new EnvelopeError('damaged-message', 'stanza arguments')
  return { keyId, body: stanza.body }
}
