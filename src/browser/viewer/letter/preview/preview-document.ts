import { escapeHtml } from '../../../../core/envelope/escape-html.ts'

/** What the frame of a preview shows. */
export type PreviewSource =
  | { readonly kind: 'picture' | 'sound' | 'film'; readonly address: string }
  | { readonly kind: 'text'; readonly text: string }

export interface PreviewLook {
  readonly dark: boolean
  readonly locale: string
  /** Said in place of a picture that cannot be drawn, or a film that cannot be played. */
  readonly broken: string
}

/** Nothing loads but what stands in the document itself. */
const policy =
  "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"

/** Of text; the page measures how high a text is by the same rules, in `.measure`. */
const style = `html{color-scheme:$scheme;color:$ink;font:1rem/1.5 system-ui,sans-serif}
body{margin:0;display:grid;place-items:center;min-block-size:100vh}
img,video{max-inline-size:100%;max-block-size:100vh;min-inline-size:0}audio{inline-size:100%}
pre{margin:0;justify-self:stretch;align-self:start;font:.875rem/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}`

const light = { scheme: 'light', ink: '#26221e' }
const dark = { scheme: 'dark', ink: '#efebe5' }

/** Made by our own hand: the addresses are `data:` with a type of our list. */
const dataAddress = /^data:(?:image|audio|video)\/[a-z0-9+-]+;base64,[A-Za-z0-9+/=]*$/

/** Writes the document of a preview's frame, for `srcdoc`. */
export function previewDocument(source: PreviewSource, look: PreviewLook): string {
  const colours: Readonly<Record<string, string>> = look.dark ? dark : light
  const css = style.replaceAll(/\$(\w+)/g, (_, name: string) => colours[name] ?? '')
  return trust(
    `<!doctype html><html lang="${escapeHtml(look.locale)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"><style>${css}</style></head><body>${bodyOf(source, look)}</body></html>`,
  )
}

function bodyOf(source: PreviewSource, { broken }: PreviewLook): string {
  if (source.kind === 'text') return `<pre dir="auto">${escapeHtml(source.text)}</pre>`
  if (!dataAddress.test(source.address)) return `<p>${escapeHtml(broken)}</p>`
  switch (source.kind) {
    case 'picture':
      return `<img src="${source.address}" alt="${escapeHtml(broken)}">`
    case 'sound':
      return `<audio src="${source.address}" controls preload="auto"></audio>`
    case 'film':
      return `<video src="${source.address}" controls preload="auto" playsinline></video>`
  }
}

interface HtmlPolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML: (html: string) => unknown }
}

/** Taken once by this module, in whose documents nothing of a file is markup. */
const htmlPolicy = (globalThis as { trustedTypes?: HtmlPolicyFactory }).trustedTypes?.createPolicy(
  'zegel-preview',
  { createHTML: html => html },
)

/** TrustedHTML is handed on as it is; the types of the DOM still call it a string. */
function trust(html: string): string {
  return htmlPolicy === undefined ? html : (htmlPolicy.createHTML(html) as string)
}
