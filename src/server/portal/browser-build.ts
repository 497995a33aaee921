import { readFile, readdir } from 'node:fs/promises'
import { createAsset } from './asset.ts'
import type { Asset } from './asset.ts'

/** What a page needs of the browser build, its own files first. */
export interface PageAssets {
  readonly script: Asset
  /** Modules that the script imports at once. */
  readonly modules: readonly Asset[]
  readonly styles: readonly Asset[]
}

export interface BrowserBuild {
  /** Every file that is served, by path. */
  readonly assets: ReadonlyMap<string, Asset>
  readonly opener: PageAssets
  readonly viewer: PageAssets
  readonly leave: PageAssets
  readonly associations: PageAssets
  readonly serviceWorker: Asset
  /** By the tag of a language: the names of its files, and the sentences that the reader shows first. */
  readonly sentences: ReadonlyMap<string, readonly [Asset, Asset]>
}

export class BrowserBuildError extends Error {
  override readonly name = 'BrowserBuildError'
  readonly code = 'no-browser-build'
}

/** At the root and by one name always: so browsers find the next one, and it may take in `/open`. */
const SERVICE_WORKER = 'service-worker.js'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

/**
 * Reads the output of Vite into memory: some hundred kilobytes, and nothing else of the disk can be asked for.
 * @param folder `dist/browser/`, with a slash at its end
 * @throws BrowserBuildError when it is not there or not whole
 */
export async function readBrowserBuild(folder: URL): Promise<BrowserBuild> {
  const manifest = await readManifest(folder)
  const assets = await readAssets(folder)
  const page = (entry: string) => pageAssets(entry, manifest, assets)
  return {
    assets,
    opener: page('src/browser/opener/main.ts'),
    viewer: page('src/browser/viewer/main.tsx'),
    leave: page('src/browser/leave/main.tsx'),
    associations: page('src/browser/associations/main.tsx'),
    serviceWorker: assetOf(SERVICE_WORKER, assets),
    sentences: firstSentences(manifest, assets),
  }
}

async function readManifest(folder: URL): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(new URL('.vite/manifest.json', folder), 'utf8')) as Manifest
  } catch (cause) {
    throw new BrowserBuildError('the pages are not built: run npm run build', { cause })
  }
}

async function readAssets(folder: URL): Promise<ReadonlyMap<string, Asset>> {
  const names = await readdir(folder)
  const found = await Promise.all(
    names.filter(isServed).map(async name => {
      const bytes = await readFile(new URL(encodeURIComponent(name), folder))
      return createAsset(pathOf(name), new Uint8Array(bytes))
    }),
  )
  return new Map(found.filter(asset => asset !== null).map(asset => [asset.path, asset]))
}

function pathOf(file: string): string {
  return file === SERVICE_WORKER ? `/${file}` : `/assets/${file}`
}

function isServed(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)
}

function pageAssets(
  entry: string,
  manifest: Manifest,
  assets: ReadonlyMap<string, Asset>,
): PageAssets {
  const chunks = chunksOf(entry, manifest)
  const [script, ...modules] = chunks.map(chunk => assetOf(chunk.file, assets))
  if (script === undefined) throw new BrowserBuildError(`the build has no ${entry}`)
  const styles = new Set(chunks.toReversed().flatMap(({ css = [] }) => css.toReversed()))
  return { script, modules, styles: [...styles].map(file => assetOf(file, assets)) }
}

/** `virtual:zegel-locale/TAG` and `virtual:zegel-locale/TAG/read`: scripts/compile-messages.ts */
function firstSentences(
  manifest: Manifest,
  assets: ReadonlyMap<string, Asset>,
): BrowserBuild['sentences'] {
  const found = Object.entries(manifest).map(([name, { file }]) => {
    const tag = /^virtual:zegel-locale\/([^/]+)$/.exec(name)?.[1]
    const read = manifest[`${name}/read`]
    if (tag === undefined || read === undefined) return null
    return [tag, [assetOf(file, assets), assetOf(read.file, assets)]] as const
  })
  return new Map(found.filter(entry => entry !== null))
}

/** A chunk and all that it imports at once, each once. */
function chunksOf(entry: string, manifest: Manifest): readonly Chunk[] {
  const seen = new Set<string>()
  const walk = (name: string): Chunk[] => {
    const chunk = manifest[name]
    if (chunk === undefined || seen.has(name)) return []
    seen.add(name)
    return [chunk, ...(chunk.imports ?? []).flatMap(walk)]
  }
  return walk(entry)
}

function assetOf(file: string, assets: ReadonlyMap<string, Asset>): Asset {
  const asset = assets.get(pathOf(file))
  if (asset === undefined) throw new BrowserBuildError(`the build lacks ${file}: run npm run build`)
  return asset
}
