/** Signing out in one tab closes the messages in the others: the session was one. */
export function tellSignOut(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  openChannel()?.postMessage(null)
}

export function onSignOutElsewhere(listener: () => void): void {
  openChannel()?.addEventListener('message', listener)
}

/** One for the page: what it tells by another one, it would hear itself, as if another tab had signed out. */
let channel: BroadcastChannel | null = null

/** Null where tabs cannot talk: the others then end with the session, at their next request. */
function openChannel(): BroadcastChannel | null {
  try {
    return (channel ??= new BroadcastChannel('zegel-sign-out'))
  } catch {
    return null
  }
}
