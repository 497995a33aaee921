/** The next line that starts with `begin `, -1 when there is none. */
export function findBegin(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length;) {
    const found = bytes.indexOf(98, at)
    if (found < 0) return -1
    const atLineStart = found === 0 || bytes[found - 1] === 10 || bytes[found - 1] === 13
    if (atLineStart && BEGIN.every((byte, i) => bytes[found + i] === byte)) return found
    at = found + 1
  }
  return -1
}

/** `begin ` */
const BEGIN = [98, 101, 103, 105, 110, 32]
