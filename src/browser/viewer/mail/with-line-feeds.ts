const CR = 13
const LF = 10

/** Bytes of text with LF line ends and without NUL: over bytes, as the same over a string takes ten times as long. */
export function withLineFeeds(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(CR) && !bytes.includes(0)) return bytes
  const result = new Uint8Array(bytes.length)
  let out = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === CR && bytes[at + 1] === LF) continue
    if (byte !== 0) result[out++] = byte === CR ? LF : byte
  }
  return result.subarray(0, out)
}
