/**
 * How a secret can lie in memory: as it is, as base64 or base64url (by itself or at any place of something longer), as
 * hexadecimal in both cases; each in bytes of one and of two for a character.
 */
export function formsOf(secret: Uint8Array): readonly Buffer[] {
  const hex = Buffer.from(secret).toString('hex')
  const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap(at => base64At(secret, at))]
  const raw = Buffer.from(secret)
  return [
    raw,
    wide(raw.toString('latin1')),
    ...texts.flatMap(text => [Buffer.from(text), wide(text)]),
  ]
}

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')

/** The characters that are the same whatever stands before and behind it, when it begins at this byte of three. */
function base64At(secret: Uint8Array, at: number): readonly string[] {
  const padded = Buffer.concat([Buffer.alloc(at), secret])
  const first = at === 0 ? 0 : at + 1
  const sure = Math.floor((padded.length * 4) / 3)
  const text = padded.toString('base64').slice(first, sure)
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
}
