/** 16 random bytes as base64url: an id that is nobody else's. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** For a picture in an answer; without brackets. RFC 2392 */
export function newContentId(): string {
  return `${newId()}@picture`
}
