import type { Brand } from './brand.ts'
import type { BrowserBuild, PageAssets } from './browser-build.ts'
import type { PageIcons } from './icons.ts'
import { renderDocument } from './pages/document.ts'
import { renderFrame } from './pages/frame.ts'
import { pageLanguage } from './pages/page-words.ts'
import type { PageLanguage } from './pages/page-words.ts'
import { renderScriptPage } from './pages/script-page.ts'
import type { TextPage } from './pages/text-pages.ts'
import { readerLocale } from './reader-locale.ts'
import type { PortalContext } from './route.ts'

/** Writes the portal's own pages in the reader's language. */
export interface PageWriter {
  readonly brand: Brand
  readonly host: string
  languageOf(context: PortalContext): PageLanguage
  textPage(language: PageLanguage, page: TextPage, path: string | null): Promise<string>
  scriptPage(language: PageLanguage, options: ScriptPageOptions): Promise<string>
}

export interface ScriptPageOptions {
  readonly page: 'opener' | 'viewer' | 'leave' | 'associations'
  readonly askForFile?: boolean
  readonly envelope?: { readonly signature: string }
}

export function createPageWriter(needs: {
  readonly build: BrowserBuild
  /** Of the page as long as no message says another: the only organisation, or a neutral one. */
  readonly brand: Brand
  readonly host: string
  readonly icons: PageIcons
}): PageWriter {
  const { build, brand, host, icons } = needs
  return {
    brand,
    host,
    languageOf: context => pageLanguage(readerLocale(context)),
    textPage(language, page, path) {
      const { title, content } = page
      const body = renderFrame({ language, brand, host, path, content })
      const styles = build.opener.styles
      return renderDocument({ language, brand, title, styles, icons, body })
    },
    scriptPage(language, { page, askForFile = false, envelope }) {
      return renderScriptPage({
        language,
        brand,
        host,
        icons,
        askForFile,
        title: titleOf(page, language),
        assets: assetsOf(page, build),
        ...(envelope === undefined ? {} : { envelope }),
      })
    },
  }
}

function assetsOf(page: ScriptPageOptions['page'], build: BrowserBuild): PageAssets {
  return build[page]
}

function titleOf(page: ScriptPageOptions['page'], { say }: PageLanguage): string {
  if (page === 'viewer') return say('reader.documentTitle')
  return say(`${page}.title`)
}
