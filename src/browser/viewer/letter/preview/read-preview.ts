import { MAX_PIXELS } from '../../mail/limits.ts'
import { countPixels } from './count-pixels.ts'
import type { Attachment } from '../letter.ts'
import type { PreviewKind } from './preview-kind.ts'
import type { PreviewSource } from './preview-document.ts'

/** More text than this is not laid out; the beginning is shown. */
export const maxTextBytes = 262_144

/** A file, made ready for the frame. */
export interface ReadPreview {
  readonly source: PreviewSource
  /** True when only the beginning of a text is shown. */
  readonly isCut: boolean
}

/**
 * Reads the bytes of a file for its preview; the type of the address is ours, not the mail's.
 * @throws Error when it cannot be read, or a browser had better not draw it
 */
export async function readPreview(attachment: Attachment, kind: PreviewKind): Promise<ReadPreview> {
  const { bytes, charset } = attachment
  if (kind.kind === 'text' || (kind.type === 'image/svg+xml' && (await repeatsItself(bytes)))) {
    const start = new Uint8Array(await bytes.slice(0, maxTextBytes).arrayBuffer())
    const isCut = bytes.size > maxTextBytes
    return { source: { kind: 'text', text: decodeText(start, charset) }, isCut }
  }
  if (kind.kind === 'picture' && (await isTooLarge(bytes))) throw new Error('too many pixels')
  const address = await dataAddressOf(new Blob([bytes], { type: kind.type }))
  return { source: { kind: kind.kind, address }, isCut: false }
}

async function isTooLarge(picture: Blob): Promise<boolean> {
  return (countPixels(new Uint8Array(await picture.arrayBuffer())) ?? 0) > MAX_PIXELS
}

/** Filters that are worked out for every pixel, and more of the others than a drawing needs, stop the page as well. */
const heavyFilter =
  /<(?:\w+:)?fe(?:Turbulence|Morphology|ConvolveMatrix|\w+Lighting|DisplacementMap)/i
const maxFilters = 10

/** What refers to itself more often could be drawn a billion times: with so few, 60,000 times at most. */
const maxReferences = 30

/** Whether an SVG may stop the page that draws it: its source is shown then. */
export async function repeatsItself(svg: Blob): Promise<boolean> {
  const source = await svg.text()
  const references = source.split('#', maxReferences + 2).length - 1
  const filters = source.split(/<(?:\w+:)?fe[A-Z]/, maxFilters + 2).length - 1
  if (filters > maxFilters || heavyFilter.test(source)) return true
  return references > maxReferences || source.includes('\0') || /<!ENTITY/i.test(source)
}

function dataAddressOf(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(reader.result as string))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')))
    reader.readAsDataURL(bytes)
  })
}

/** A mark at the beginning, else what the mail says, else UTF-8 when it is that, else what old files are in. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  const marked = markedCharset(bytes)
  for (const one of [marked, charset, 'utf-8']) {
    const text = one === null ? null : tryDecode(bytes, one)
    if (text !== null) return text
  }
  return new TextDecoder('windows-1252').decode(bytes)
}

function markedCharset([a, b]: Uint8Array): string | null {
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : null
}

/** Null when the bytes are none of the charset, or the charset is not known. The last character may be cut off. */
function tryDecode(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}
