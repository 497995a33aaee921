import type { Hpke } from './hpke.ts'
import { concat, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { STANZA_INFO } from './stanza.ts'
import type { ZegelStanza } from './stanza.ts'

/** Seals a padded record to the organisation's sealing key. envelope.md §2 */
export async function sealStanza(
  hpke: Hpke,
  key: { readonly id: string; readonly publicKey: Uint8Array },
  record: Uint8Array,
): Promise<ZegelStanza> {
  const { enc, ct } = await hpke.seal(key.publicKey, STANZA_INFO, utf8(key.id), record)
  return { keyId: key.id, body: concat(enc, ct) }
}

/**
 * The padded record inside a stanza.
 * @throws {EnvelopeError} `cannot-unwrap`
 */
export function openStanza(
  hpke: Hpke,
  privateKey: Uint8Array,
  stanza: ZegelStanza,
): Promise<Uint8Array> {
  if (stanza.body.length <= hpke.encBytes) throw new EnvelopeError('cannot-unwrap', 'too short')
  const enc = stanza.body.subarray(0, hpke.encBytes)
  const ct = stanza.body.subarray(hpke.encBytes)
  return hpke.open(privateKey, enc, STANZA_INFO, utf8(stanza.keyId), ct)
}
