const key = 'zegel.way'

/** `passcode`, `passkey`, or the id of a provider. */
export type Way = string

/** The way in that this browser used last; nothing about who used it. */
export function lastWay(): Way | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage is blocked
  }
}

export function rememberWay(way: Way): void {
  try {
    localStorage.setItem(key, way)
  } catch {
    // Storage is blocked: the next visit begins with the organisation's order.
  }
}
