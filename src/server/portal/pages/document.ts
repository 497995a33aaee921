import { html, raw } from 'hono/html'
import type { Asset } from '../asset.ts'
import type { PageIcons } from '../icons.ts'
import type { Brand } from '../brand.ts'
import { query } from './page-words.ts'
import type { PageLanguage } from './page-words.ts'

/** HTML that `hono/html` has escaped. */
export type Markup = ReturnType<typeof html>

export interface DocumentParts {
  readonly language: PageLanguage
  readonly brand: Brand
  readonly title: string
  readonly styles: readonly Asset[]
  readonly icons: PageIcons
  /** Further elements of the head. */
  readonly head?: Markup
  readonly body: Markup
}

/** A whole document. */
export async function renderDocument(parts: DocumentParts): Promise<string> {
  const { language, brand, title, styles, icons, head, body } = parts
  const page = await html`<!doctype html>
    <html lang="${language.tag}" dir="${language.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" type="image/svg+xml" href="${icons.tab.path}" />
        <link rel="apple-touch-icon" href="${icons.touch.path}" />
        <link rel="manifest" href="/manifest.webmanifest${query(language)}" />
        ${styles.map(linkStyle)} ${raw(`<style>${brand.style}</style>`)} ${head ?? ''}
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
