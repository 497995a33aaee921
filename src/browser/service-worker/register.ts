import { trustedWorkerUrl } from '../ui/worker-task.ts'

/**
 * Asks the browser to keep the service worker for the next message. Where it cannot (private
 * windows, blocked storage), everything works without it.
 */
export function registerServiceWorker(): Promise<unknown> | undefined {
  const url = trustedWorkerUrl('/service-worker.js')
  return navigator.serviceWorker?.register(url, { updateViaCache: 'none' }).catch(() => undefined)
}
