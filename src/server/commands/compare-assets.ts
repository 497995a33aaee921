import { createHash, randomBytes } from 'node:crypto'
import type { Asset } from '../portal/asset.ts'
import { readBrowserBuild } from '../portal/browser-build.ts'
import type { HeaderProfile } from '../portal/route.ts'
import { statementStyle } from '../portal/statement-style.ts'
import { browserFolder } from './browser-folder.ts'
import { CommandError } from './command-error.ts'
import { isExpectedPage } from './is-expected-page.ts'
import type { Assets } from './is-expected-page.ts'

export interface Compared {
  readonly name: string
  readonly state: 'same' | 'altered' | 'missing' | 'unknown'
}

/** A portal that does not answer in time is not there. */
const patienceMs = 20_000
/** Attack: an endless answer. The largest asset is some hundred kilobytes. */
const maxBytes = 16 * 1024 * 1024

const pages = [
  { path: '/', profile: 'page' },
  { path: '/open', profile: 'page' },
  { path: '/read', profile: 'reader' },
] as const

/**
 * Compares every asset of a portal, and what its pages load, with this program's own build.
 * @throws CommandError when the portal does not answer, BrowserBuildError without a build
 */
export async function compareAssets(portal: URL): Promise<readonly Compared[]> {
  const { assets: built } = await readBrowserBuild(browserFolder)
  const style = statementStyle()
  const assets = new Map([...built, [style.path, style] as const])
  const results: Compared[] = []
  for (const asset of assets.values()) results.push(await compareAsset(portal, asset))
  for (const page of pages) results.push(await comparePage(portal, page, assets))
  results.push(await comparePostedPage(portal, assets))
  return [...results, ...(await unknownAssets(portal, assets))]
}

async function compareAsset(portal: URL, asset: Asset): Promise<Compared> {
  const answer = await get(new URL(asset.path, portal))
  const state =
    answer.status === 404
      ? 'missing'
      : asset.integrity === sha384(answer.bytes)
        ? 'same'
        : 'altered'
  return { name: asset.path, state }
}

async function comparePage(
  portal: URL,
  { path, profile }: (typeof pages)[number],
  assets: Assets,
): Promise<Compared> {
  return judgePage(`the page ${path}`, await get(new URL(path, portal)), profile, assets)
}

/** The page that a message is posted to; this one nobody can open. */
async function comparePostedPage(portal: URL, assets: Assets): Promise<Compared> {
  const noise = (bytes: number): string => randomBytes(bytes).toString('base64')
  const body = `envelope=${noise(1024)}\r\nsignature=${noise(64)}\r\n`
  const page = await get(new URL('/open', portal), body)
  return judgePage('the page /open, posted to', page, 'reader', assets)
}

function judgePage(name: string, page: Answer, profile: HeaderProfile, assets: Assets): Compared {
  if (page.status !== 200) return { name, state: 'missing' }
  return { name, state: isExpectedPage(page, profile, assets) ? 'same' : 'altered' }
}

/** What the portal says that it serves besides: the organisation's logo is its own, a script is not. */
async function unknownAssets(portal: URL, assets: Assets): Promise<readonly Compared[]> {
  const name = '/.well-known/zegel-release.json'
  const { status, bytes } = await get(new URL(name, portal))
  if (status !== 200) return [{ name, state: 'missing' }]
  const paths = readPaths(new TextDecoder().decode(bytes))
  if (paths === undefined) return [{ name, state: 'altered' }]
  return paths
    .filter(path => !assets.has(path) && !/\.(svg|png)$/.test(path))
    .map(path => ({ name: path, state: 'unknown' }) as const)
}

function readPaths(text: string): readonly string[] | undefined {
  try {
    const manifest: unknown = JSON.parse(text)
    return typeof manifest === 'object' &&
      manifest !== null &&
      'assets' in manifest &&
      typeof manifest.assets === 'object' &&
      manifest.assets !== null
      ? Object.keys(manifest.assets)
      : undefined
  } catch {
    return undefined
  }
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/**
 * @param posted null to ask only
 * @throws CommandError when nothing answers
 */
async function get(url: URL, posted: string | null = null): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: posted === null ? 'GET' : 'POST',
      body: posted,
      redirect: 'error',
      headers: { accept: '*/*' },
      signal: AbortSignal.timeout(patienceMs),
    })
    return {
      status: response.status,
      headers: response.headers,
      bytes: await readBody(response),
    }
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
    throw new CommandError(
      `${url.href} does not answer (${reason instanceof Error ? reason.message : String(reason)}); is it the portal's canonical address?`,
      { cause },
    )
  }
}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`)
  }
  return Buffer.concat(chunks)
}

const sha384 = (bytes: Uint8Array): string =>
  `sha384-${createHash('sha384').update(bytes).digest('base64')}`
