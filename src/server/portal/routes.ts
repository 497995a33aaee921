import { SHARED_PATH } from '../../core/api/shared-file.ts'
import type { Asset } from './asset.ts'
import { finishSignInHandler, startSignInHandler } from './handlers/accounts.ts'
import { assetHandler } from './handlers/assets.ts'
import { listAssociationsHandler, removeAssociationHandler } from './handlers/associations.ts'
import { describeHandler } from './handlers/describe.ts'
import { liveHandler, readyHandler } from './handlers/health.ts'
import { postedOpenHandler } from './handlers/open.ts'
import type { OpenNeeds } from './handlers/open.ts'
import { homeHandler, scriptPageHandler } from './handlers/pages.ts'
import {
  passcodeDeliveryHandler,
  requestPasscodeHandler,
  verifyPasscodeHandler,
} from './handlers/passcodes.ts'
import {
  askPasskeyHandler,
  beginPasskeyHandler,
  listPasskeysHandler,
  makePasskeyHandler,
  removePasskeyHandler,
  verifyPasskeyHandler,
} from './handlers/passkeys.ts'
import { promisesHandler } from './handlers/promises.ts'
import type { PromisesNeeds } from './handlers/promises.ts'
import { releaseHandler } from './handlers/release.ts'
import { repliesHandler } from './handlers/replies.ts'
import { sessionHandler, signOutHandler } from './handlers/session.ts'
import { statementHandler } from './handlers/statements.ts'
import { usageHandler } from './handlers/usage.ts'
import {
  serviceWorkerHandler,
  sharedFileHandler,
  webAppManifestHandler,
} from './handlers/web-app.ts'
import { releaseManifestHandler, securityTxtHandler } from './handlers/well-known.ts'
import type { PageIcons } from './icons.ts'
import type { Route } from './route.ts'

type NeedsOf<F extends (needs: never) => unknown> = Parameters<F>[0]

/** What the handlers need; each takes its own part. */
export type RouteNeeds = NeedsOf<typeof describeHandler> &
  NeedsOf<typeof startSignInHandler> &
  NeedsOf<typeof listAssociationsHandler> &
  NeedsOf<typeof requestPasscodeHandler> &
  NeedsOf<typeof verifyPasscodeHandler> &
  NeedsOf<typeof verifyPasskeyHandler> &
  NeedsOf<typeof releaseHandler> &
  NeedsOf<typeof repliesHandler> &
  NeedsOf<typeof securityTxtHandler> &
  PromisesNeeds &
  OpenNeeds & {
    readonly assets: ReadonlyMap<string, Asset>
    readonly icons: PageIcons
    readonly serviceWorker: Asset
    readonly version: string
    readonly isReady: () => Promise<boolean>
    readonly housekeeping?: (() => 'ok' | 'paused') | undefined
    readonly counters: Parameters<typeof usageHandler>[1]
  }

/** Every route there is, and who may call it. contract.md, HTTP */
export function routeTable(needs: RouteNeeds): readonly Route[] {
  return [
    ...pageRoutes(needs),
    ...messageRoutes(needs),
    ...passcodeRoutes(needs),
    ...passkeyRoutes(needs),
    ...accountRoutes(needs),
    ...sessionRoutes(needs),
    ...fileRoutes(needs),
    ...wellKnownRoutes(needs),
    ...healthRoutes(needs),
  ]
}

function pageRoutes(needs: RouteNeeds): readonly Route[] {
  const { writer } = needs
  return [
    page('GET', '/', homeHandler(writer)),
    page('GET', '/open', scriptPageHandler(writer, 'opener')),
    // Comes from a file on the reader's disk, so from no origin; it changes nothing. protocol.md §7
    { ...page('POST', '/open', postedOpenHandler(needs)), profile: 'reader' },
    page('POST', SHARED_PATH, sharedFileHandler(writer, needs.clock)),
    { ...page('GET', '/read', scriptPageHandler(writer, 'viewer')), profile: 'reader' },
    page('GET', '/leave', scriptPageHandler(writer, 'leave')),
    page('GET', '/associations', scriptPageHandler(writer, 'associations')),
    page('GET', '/privacy', statementHandler(needs, 'privacy')),
    page('GET', '/accessibility', statementHandler(needs, 'accessibility')),
    page('GET', '/promises', promisesHandler(needs)),
  ]
}

function messageRoutes(needs: RouteNeeds): readonly Route[] {
  return [
    api('POST', '/api/describe', 'same-origin', describeHandler(needs)),
    api('POST', '/api/release', 'session', releaseHandler(needs)),
    { ...api('POST', '/api/replies', 'session', repliesHandler(needs)), body: 'large' },
    api('POST', '/api/usage', 'same-origin', usageHandler(needs.take, needs.counters)),
  ]
}

function passcodeRoutes(needs: RouteNeeds): readonly Route[] {
  return [
    api('POST', '/api/passcodes', 'same-origin', requestPasscodeHandler(needs)),
    api('POST', '/api/passcodes/verify', 'same-origin', verifyPasscodeHandler(needs)),
    api('GET', '/api/passcodes/:id', 'same-origin', passcodeDeliveryHandler(needs.passcodes)),
  ]
}

function passkeyRoutes(needs: RouteNeeds): readonly Route[] {
  const { passkeys } = needs
  return [
    api('POST', '/api/passkeys/register/options', 'session', beginPasskeyHandler(needs)),
    api('POST', '/api/passkeys/register/verify', 'session', makePasskeyHandler(needs)),
    api('POST', '/api/passkeys/authenticate/options', 'same-origin', askPasskeyHandler(needs)),
    api('POST', '/api/passkeys/authenticate/verify', 'same-origin', verifyPasskeyHandler(needs)),
    api('GET', '/api/passkeys', 'session', listPasskeysHandler(passkeys)),
    api('DELETE', '/api/passkeys', 'session', removePasskeyHandler(passkeys)),
  ]
}

function accountRoutes(needs: RouteNeeds): readonly Route[] {
  return [
    api('GET', '/auth/:provider/start', 'same-origin', startSignInHandler(needs)),
    api('GET', '/auth/:provider/callback', 'transaction', finishSignInHandler(needs)),
    api('GET', '/api/associations', 'session', listAssociationsHandler(needs)),
    api('DELETE', '/api/associations', 'session', removeAssociationHandler(needs)),
  ]
}

function sessionRoutes({ sessions }: RouteNeeds): readonly Route[] {
  return [
    api('GET', '/api/session', 'session', sessionHandler(sessions)),
    api('DELETE', '/api/session', 'same-origin', signOutHandler(sessions)),
  ]
}

function fileRoutes({ serviceWorker, assets, writer, icons }: RouteNeeds): readonly Route[] {
  return [
    file(serviceWorker.path, serviceWorkerHandler(serviceWorker)),
    file('/assets/:name', assetHandler(assets)),
    api('GET', '/manifest.webmanifest', 'anyone', webAppManifestHandler(writer, icons)),
  ]
}

function wellKnownRoutes(needs: RouteNeeds): readonly Route[] {
  const manifest = releaseManifestHandler(needs.version, needs.assets.values())
  return [
    api('GET', '/.well-known/zegel-release.json', 'anyone', manifest),
    api('GET', '/.well-known/security.txt', 'anyone', securityTxtHandler(needs)),
  ]
}

function healthRoutes({ isReady, housekeeping }: RouteNeeds): readonly Route[] {
  return [
    api('GET', '/health/live', 'operator', liveHandler),
    api('GET', '/health/ready', 'operator', readyHandler(isReady, housekeeping)),
  ]
}

function page(method: Route['method'], path: string, handle: Route['handle']): Route {
  return { method, path, guard: 'anyone', profile: 'page', handle }
}

function file(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, guard: 'anyone', profile: 'asset', handle }
}

function api(
  method: Route['method'],
  path: string,
  guard: Route['guard'],
  handle: Route['handle'],
): Route {
  return { method, path, guard, profile: 'api', handle }
}
