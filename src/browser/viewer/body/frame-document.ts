import { plainTextToHtml } from './plain-text.ts'
import { sanitiseHtml } from './sanitise.ts'
import { foldClass } from './fold-class.ts'
import type { Bounds, SanitisedHtml } from './sanitise.ts'
import type { BodySection } from '../mail/parse-mail.ts'
import type { Extras } from './extras.tsx'
import type { RemoteCounts } from './remote-items.ts'

/** What the message frame shows. */
export interface FrameDocument {
  /** For `srcdoc`; the browser's TrustedHTML where it knows the type. */
  readonly html: string
  /** What was kept out. */
  readonly remote: RemoteCounts
  /** True when the message has colours of its own, shown or not. */
  readonly coloured: boolean
  /** True when nothing is left to be seen. */
  readonly blank: boolean
}

/** Nothing loads in the frame but pictures that the message brought along. protocol.md §7 */
const framePolicy =
  "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
const guards = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${framePolicy}"><meta name="referrer" content="no-referrer">`

/**
 * No background of its own: the frame lies on the sheet, or is white where the schemes differ. Long words break, but not
 * the words and figures of a table's plain cells, which would be broken to make columns narrow: the table scrolls.
 */
const baseStyle = `html{color-scheme:$scheme;color:$ink}
body{margin:$margin;font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
img{max-width:100%}a{color:$link}pre{white-space:pre-wrap}
:is(td,th):not(:has(a,p,div,table)){overflow-wrap:break-word}
.plain{white-space:pre-wrap}
blockquote{margin:.25rem 0;padding-inline-start:.9rem;border-inline-start:3px solid $line;color:$soft}
.${foldClass}>summary{cursor:pointer;padding:.6rem 0;color:$link;text-decoration:underline;white-space:normal}
@media print{html{color-scheme:light;color:#000}a{color:#00c}blockquote{color:#444}.${foldClass}>summary{display:none}}`

const light = { scheme: 'light', ink: '#26221e', soft: '#645d55', line: '#e4dfd7' }
const dark = { scheme: 'dark', ink: '#efebe5', soft: '#b5aea5', line: '#454039' }

/** Of sanitised HTML, in whose text `<` is escaped. */
const unseen = /<style[^]*?<\/style>|<[^>]*>|&nbsp;|\s/g

export interface FrameLook {
  readonly dark: boolean
  /** CSS colour of links: the organisation's, corrected to contrast. */
  readonly accent: string
  readonly locale: string
  /** The message's own colours, where it has any; else the reader's. */
  readonly ownColours: boolean
  /** What folded older messages are called. */
  readonly foldLabel: string
}

/**
 * Writes the document of the message frame: the one place where text of a message becomes HTML.
 * @param inline addresses (`blob:`) of the message's own pictures by Content-ID
 * @returns null when it is larger than `atMost`
 */
export function frameDocument(
  sections: readonly BodySection[],
  inline: ReadonlyMap<string, string>,
  look: FrameLook,
  extras: Extras | null,
  atMost?: Bounds,
): FrameDocument | null {
  const { foldLabel: label } = look
  const fold = extras === null ? null : { label, startOfQuote: extras.startOfQuote }
  const pieces = sections.map(({ html, text }) => html ?? plainTextToHtml(text ?? '', fold))
  const sanitised = sanitiseHtml(pieces, {
    inline,
    plain: !look.ownColours,
    prepare: extras === null ? null : root => extras.foldQuote(root, label),
    canBeDrawn: extras?.canBeDrawn,
    ...(atMost === undefined ? {} : { atMost }),
  })
  if (sanitised === null) return null
  const { html } = sanitised
  const blank = !html.includes('<img') && html.replaceAll(unseen, '') === ''
  return { ...framed(sanitised, look), blank }
}

/** The frame's own head before it. */
export function framed({ html, ...found }: SanitisedHtml, look: FrameLook): FrameDocument {
  const style = frameStyle(look, found.coloured && look.ownColours)
  const head = `<!doctype html><html lang="${look.locale}"><head>${guards}<style>${style}</style>`
  return { html: trust(head + html), ...found, blank: false }
}

/** A message with colours of its own is meant for white paper; one without follows the reader's scheme. */
export function frameStyle(look: FrameLook, onWhite: boolean): string {
  const inDark = look.dark && !onWhite
  const colours: Readonly<Record<string, string>> = {
    ...(inDark ? dark : light),
    link: onWhite ? '#0b57d0' : look.accent,
    margin: onWhite && look.dark ? '1rem' : '0',
  }
  return baseStyle.replaceAll(/\$(\w+)/g, (_, name: string) => colours[name] ?? '')
}

/** A document as strict as that of a message, to be filled with what the page shows already. */
export function blankDocument(): string {
  return trust(`<!doctype html>${guards}`)
}

interface HtmlPolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML: (html: string) => unknown }
}

/** Taken once by this module, which hands nothing to it that has not been sanitised. */
const policy = (globalThis as { trustedTypes?: HtmlPolicyFactory }).trustedTypes?.createPolicy(
  'zegel-message',
  { createHTML: html => html },
)

/** TrustedHTML is handed on as it is; the types of the DOM still call it a string. */
function trust(html: string): string {
  return policy === undefined ? html : (policy.createHTML(html) as string)
}
