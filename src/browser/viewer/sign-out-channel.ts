/** Signing out in one tab closes the messages in the others: the session was one. */
export function tellSignOut(): void {
  const channel = openChannel()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  channel?.postMessage(null)
  channel?.close()
}

export function onSignOutElsewhere(listener: () => void): void {
  openChannel()?.addEventListener('message', listener)
}

/** Null where tabs cannot talk: the others then end with the session, at their next request. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel('zegel-sign-out')
  } catch {
    return null
  }
}
