/** Of the Web App Launch Handler and File Handling drafts; not in TypeScript's DOM library. */
interface LaunchQueue {
  setConsumer(consume: (launch: { readonly files: readonly FileSystemFileHandle[] }) => void): void
}

/** Hands over the file that the installed app was opened with, as soon as there is one. */
export function onLaunchedFile(take: (file: Blob) => void): void {
  const queue = (globalThis as { launchQueue?: LaunchQueue }).launchQueue
  queue?.setConsumer(({ files }) => {
    files[0]?.getFile().then(take, () => undefined) // gone or forbidden: the page asks for it anyhow
  })
}
