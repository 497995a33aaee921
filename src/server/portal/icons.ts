import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createAsset } from './asset.ts'
import type { Asset } from './asset.ts'
import { sealIcon } from './pages/seal.ts'

/** The seal, as tabs, home screens and installed apps want it. */
export interface PageIcons {
  readonly tab: Asset
  /** 180 px, opaque: what phones put on a home screen. */
  readonly touch: Asset
  /** 192 and 512 px. */
  readonly small: Asset
  readonly large: Asset
  /** 512 px, with room around for whatever shape a system cuts out. */
  readonly maskable: Asset
}

/** @throws what reading a file of the program throws */
export async function readIcons(): Promise<PageIcons> {
  const [touch, small, large, maskable] = await Promise.all(
    ['touch-180', 'icon-192', 'icon-512', 'icon-maskable-512'].map(readIcon),
  )
  const tab = assetOf('/assets/zegel-icon.svg', Buffer.from(sealIcon))
  if (!touch || !small || !large || !maskable) throw new RangeError('an icon is missing')
  return { tab, touch, small, large, maskable }
}

async function readIcon(name: string): Promise<Asset> {
  const bytes = await readFile(new URL(`icons/${name}.png`, import.meta.url))
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 8)
  return assetOf(`/assets/${name}-${hash}.png`, bytes)
}

function assetOf(path: string, bytes: Buffer): Asset {
  const asset = createAsset(path, new Uint8Array(bytes))
  if (asset === null) throw new RangeError('an icon of a type that is not served')
  return asset
}
