import type { Asset } from '../asset.ts'
import { PortalProblem } from '../problem.ts'
import type { Handler } from '../route.ts'

/** A year, the longest that caches keep (RFC 9111 §5.2.2.1); the name changes with the content. */
const FOREVER = 'public, max-age=31536000, immutable'

/** `GET /assets/*`: files of the build, from memory. */
export function assetHandler(assets: ReadonlyMap<string, Asset>): Handler {
  return async context => {
    const asset = assets.get(context.req.path)
    if (asset === undefined) throw new PortalProblem('not-found')
    const wantsBrotli = /\bbr\b/.test(context.req.header('accept-encoding') ?? '')
    const small = wantsBrotli ? await asset.brotli() : null
    return context.body(small ?? asset.bytes, 200, {
      'Content-Type': asset.type,
      'Cache-Control': FOREVER,
      Vary: 'Accept-Encoding',
      ...(small === null ? {} : { 'Content-Encoding': 'br' }),
    })
  }
}
