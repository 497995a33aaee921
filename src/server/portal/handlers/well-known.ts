import type { Asset } from '../asset.ts'
import type { Handler } from '../route.ts'

/** Longer than a release lives; RFC 9116 §2.5.5 wants less than a year. */
const SECURITY_TXT_LIFETIME_MS = 180 * 24 * 60 * 60 * 1000

/** `GET /.well-known/zegel-release.json`: what `zegel verify` compares with the published hashes. */
export function releaseManifestHandler(version: string, assets: Iterable<Asset>): Handler {
  const hashes = [...assets]
    .map(({ path, integrity }) => [path, integrity] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const manifest = { version, assets: Object.fromEntries(hashes) }
  return context => context.json(manifest)
}

/** `GET /.well-known/security.txt`, RFC 9116. */
export function securityTxtHandler(needs: {
  readonly origin: string
  /** Address for reports. */
  readonly contact: string
  readonly languages: readonly string[]
  readonly clock: () => number
}): Handler {
  return context => {
    const expires = new Date(needs.clock() + SECURITY_TXT_LIFETIME_MS).toISOString()
    return context.text(
      [
        `Contact: mailto:${needs.contact}`,
        `Expires: ${expires}`,
        `Preferred-Languages: ${needs.languages.join(', ')}`,
        `Canonical: ${needs.origin}/.well-known/security.txt`,
        '',
      ].join('\n'),
    )
  }
}
