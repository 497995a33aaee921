import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

/** A file that browsers get as it is, named by its content, so that it can be kept for ever. */
export interface Asset {
  /** `/assets/main-DK3b9x.js` */
  readonly path: string
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** `sha384-…`, for `integrity` attributes and the release manifest. */
  readonly integrity: string
  /** Brotli form; null where it does not help. Made once, when it is first asked for. */
  readonly brotli: () => Promise<Uint8Array<ArrayBuffer> | null>
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
}
const COMPRESSIBLE = /^text\/|svg/

/** Null for a kind of file that is never served. */
export function createAsset(path: string, bytes: Uint8Array<ArrayBuffer>): Asset | null {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
  if (type === undefined) return null
  let compressed: Promise<Uint8Array<ArrayBuffer> | null> | undefined
  return {
    path,
    type,
    bytes,
    integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
    brotli: () => (compressed ??= compress(bytes, type)),
  }
}

async function compress(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!COMPRESSIBLE.test(type)) return null
  const small = await promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
  return small.length < bytes.length ? new Uint8Array(small) : null
}
