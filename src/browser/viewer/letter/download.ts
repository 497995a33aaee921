/** Long enough for a browser to start a download, also behind a question where to put it. */
const revokeAfterMs = 5 * 60 * 1000

/**
 * Hands bytes to the browser as a download. Always as plain bytes: nothing of a message is ever
 * opened in the portal's own origin, whatever it calls itself.
 */
export function download(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), revokeAfterMs)
}
