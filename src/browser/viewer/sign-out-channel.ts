const name = 'zegel-sign-out'

/** Signing out in one tab closes the messages in the others: the session was one. */
export function tellSignOut(): void {
  const channel = new BroadcastChannel(name)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  channel.postMessage(null)
  channel.close()
}

export function onSignOutElsewhere(listener: () => void): void {
  new BroadcastChannel(name).addEventListener('message', listener)
}
