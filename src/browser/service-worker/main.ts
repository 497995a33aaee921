import { takeHere } from './take-here.ts'

/**
 * The service worker: takes in what is posted to /open, so that nothing is uploaded, and what other
 * apps share. It keeps no copy of any page or script, so none of them can be old; whatever it does
 * not take goes to the portal as if it were not there.
 */

/** Of the Service Workers standard; TypeScript's DOM library has the pages' side alone. */
interface FetchEvent extends Event {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface LifeEvent extends Event {
  waitUntil(done: Promise<unknown>): void
}
declare const skipWaiting: () => Promise<void>
declare const clients: { claim(): Promise<void> }

addEventListener('install', event => (event as LifeEvent).waitUntil(skipWaiting()))
addEventListener('activate', event => (event as LifeEvent).waitUntil(clients.claim()))
addEventListener('fetch', event => {
  const brought = event as FetchEvent
  const answer = takeHere(brought.request, { fetch: fetch.bind(globalThis), clock: Date.now })
  if (answer !== null) brought.respondWith(answer)
})
