/** True where this browser knows passkeys and the portal has a name that one can be bound to. WebAuthn Level 3 §4 */
export function supportsPasskeys(): boolean {
  const isName = !/^[\d.]+$|:/.test(location.hostname)
  return isName && 'PublicKeyCredential' in globalThis && 'credentials' in navigator
}
