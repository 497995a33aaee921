import { html, raw } from 'hono/html'
import type { Asset } from '../asset.ts'
import type { Brand } from '../brand.ts'
import type { PageLanguage } from './page-words.ts'

/** HTML that `hono/html` has escaped. */
export type Markup = ReturnType<typeof html>

export interface DocumentParts {
  readonly language: PageLanguage
  readonly brand: Brand
  readonly title: string
  readonly styles: readonly Asset[]
  readonly icon: Asset
  /** Further elements of the head. */
  readonly head?: Markup
  readonly body: Markup
  /** False where the page's Content-Security-Policy takes no hash; the script then sets the colour. */
  readonly hasStyle: boolean
}

/** A whole document. */
export async function renderDocument(parts: DocumentParts): Promise<string> {
  const { language, brand, title, styles, icon, head, body, hasStyle } = parts
  const page = await html`<!doctype html>
    <html lang="${language.tag}" dir="${language.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" type="image/svg+xml" href="${icon.path}" />
        ${styles.map(linkStyle)} ${hasStyle ? raw(`<style>${brand.style}</style>`) : ''}
        ${head ?? ''}
      </head>
      <body>
        ${body}
      </body>
    </html> `
  return page.toString()
}

function linkStyle(style: Asset): Markup {
  return html`<link rel="stylesheet" href="${style.path}" integrity="${style.integrity}" /> `
}
