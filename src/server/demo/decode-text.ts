/** Text in the charset that a mail names; UTF-8 when it names none or one that nobody knows. */
export function decodeText(bytes: Buffer, charset: string): string {
  return decoderFor(charset.trim().toLowerCase()).decode(bytes).replaceAll('\r\n', '\n')
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset === '' ? 'utf-8' : charset)
  } catch {
    return new TextDecoder()
  }
}
