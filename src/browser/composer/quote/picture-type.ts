/** What pictures begin with, controls as spaces; `.` stands for any byte. Those that mail programs draw, never SVG. */
const beginnings: readonly (readonly [type: string, start: RegExp])[] = [
  ['image/png', /^\x89PNG {4}/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF....WEBP/s],
  ['image/bmp', /^BM/],
  ['image/avif', /^....ftypavif/s],
]

/** What a file picker offers. */
export const PICTURE_TYPES: readonly string[] = beginnings.map(([type]) => type)

/** By its bytes; null for what is no picture that a letter may show. */
export async function pictureType(bytes: Blob): Promise<string | null> {
  const start = new Uint8Array(await bytes.slice(0, 16).arrayBuffer())
  const text = String.fromCharCode(...start).replaceAll(/\p{Cc}/gu, one => (one < ' ' ? ' ' : one))
  return beginnings.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
