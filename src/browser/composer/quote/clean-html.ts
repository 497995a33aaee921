import type { Config } from 'dompurify'
import { canBeDrawn } from '../../viewer/body/can-be-drawn.ts'
import { Sanitiser, TooMuch, configuration } from '../../viewer/body/sanitise.ts'
import type { Bounds } from '../../viewer/body/sanitise.ts'
import { realTarget } from '../../viewer/body/link-target.ts'
import { htmlToText } from './html-to-text.ts'

export interface CleanHtml {
  readonly html: string
  readonly text: string
}

/** More is not worth the wait; unclosed tags make a thousand times more of it than a letter is long. */
const bounds: Bounds = { elements: 20_000, depth: 200, attributes: 100 }

/**
 * Style sheets, classes and names would reach beyond what is quoted: a quoted letter could hide or change what the
 * answer says. What it looks like, its style attributes say.
 */
const shape: Config & { RETURN_DOM_FRAGMENT: true } = {
  FORCE_BODY: true,
  RETURN_DOM_FRAGMENT: true,
  FORBID_TAGS: [...(configuration.FORBID_TAGS ?? []), 'style'],
  FORBID_ATTR: [...(configuration.FORBID_ATTR ?? []), 'class', 'id', 'name', 'usemap'],
  ALLOWED_URI_REGEXP:
    /^(?:(?:https?|mailto|tel|sms|cid):|data:image\/|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
}

/**
 * HTML as it may leave in an answer: harmless, nothing that is fetched from elsewhere, links to where they lead, pictures
 * of its own by `cid:`. Each piece is cleaned alone.
 * @param pictures `cid:` addresses in the answer by the Content-ID that the HTML says
 * @returns null when it is too much
 */
export function cleanHtml(
  pieces: readonly string[],
  pictures: ReadonlyMap<string, string>,
): CleanHtml | null {
  const sanitiser = new Sanitiser({
    inline: pictures,
    plain: false,
    prepare: null,
    canBeDrawn,
    atMost: bounds,
    link: realTarget,
  })
  try {
    const cleaned = pieces.map(piece => written(sanitiser.clean(piece, shape)))
    return {
      html: cleaned.map(({ html }) => html).join('<hr>'),
      text: cleaned.map(({ text }) => text).join('\n\n'),
    }
  } catch (error) {
    if (error instanceof TooMuch) return null
    throw error
  }
}

/** As it came from the sanitiser: read, not changed. Null: a document without a body, such as one of frames. */
function written(fragment: DocumentFragment | null): CleanHtml {
  if (fragment === null) return { html: '', text: '' }
  const text = htmlToText(fragment)
  const holder = document.createElement('template')
  holder.content.append(fragment)
  return { html: holder.innerHTML, text }
}
