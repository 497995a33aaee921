import { MAX_WRITTEN_BYTES } from '../../../core/reply/limits.ts'
import { plainTextToHtml } from '../../viewer/body/plain-text.ts'
import type { Letter } from '../../viewer/letter/letter.ts'
import type { OriginalQuote } from '../composer.ts'
import { cleanHtml } from './clean-html.ts'
import { newContentId } from '../new-id.ts'
import { pictureType } from './picture-type.ts'

/** A picture of the quoted letter that goes along. */
export interface QuotedPicture {
  readonly contentId: string
  readonly type: string
  readonly bytes: Blob
}

/** The body of an answered letter, ready to be joined below what is written. */
export interface Quote {
  /** Null where the letter is plain text. */
  readonly html: string | null
  readonly text: string
  readonly pictures: readonly QuotedPicture[]
}

/** Longer HTML would hold up the page for seconds. Characters. */
const maxHtmlLength = 400_000
/** Text and HTML may each be so long, and there is something to say besides. */
const maxTextLength = MAX_WRITTEN_BYTES / 8

/** @returns null when the letter is too long to be quoted, or has no body */
export async function quoteLetter(letter: Letter): Promise<Quote | null> {
  const { sections } = letter
  if (howQuoted(letter) === 'none') return null
  if (sections.every(({ html }) => html === null)) {
    const text = sections.map(section => section.text ?? '').join('\n')
    return text.length > maxTextLength ? null : { html: null, text, pictures: [] }
  }
  const pieces = sections.map(({ html, text }) => html ?? plainTextToHtml(text ?? '', null))
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return length > maxHtmlLength ? null : quoteHtml(pieces, letter.inline)
}

export function howQuoted({ sections }: Letter): 'html' | 'text' | 'none' {
  if (sections.length === 0) return 'none'
  return sections.every(({ html }) => html === null) ? 'text' : 'html'
}

/** Of a letter that was read. @param quote of it */
export function quoteKind(letter: Letter | null, quote: Quote | null): OriginalQuote {
  const kind = letter === null ? 'none' : howQuoted(letter)
  return quote === null && kind !== 'none' ? 'too-long' : kind
}

async function quoteHtml(
  pieces: readonly string[],
  inline: ReadonlyMap<string, Blob>,
): Promise<Quote | null> {
  const pictures = await namedPictures(inline)
  const addresses = new Map([...pictures].map(([id, { contentId }]) => [id, `cid:${contentId}`]))
  const clean = cleanHtml(pieces, addresses)
  if (clean === null) return null
  const used = [...pictures.values()].filter(({ contentId }) => clean.html.includes(contentId))
  return { ...clean, pictures: used }
}

/** Under ids of their own: those of the letter may be anything, and the same as others'. */
async function namedPictures(
  inline: ReadonlyMap<string, Blob>,
): Promise<ReadonlyMap<string, QuotedPicture>> {
  const pictures = new Map<string, QuotedPicture>()
  for (const [id, bytes] of inline) {
    const type = await pictureType(bytes)
    if (type !== null) pictures.set(id, { contentId: newContentId(), type, bytes })
  }
  return pictures
}
