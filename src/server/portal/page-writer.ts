import type { Asset } from './asset.ts'
import type { Brand } from './brand.ts'
import type { BrowserBuild } from './browser-build.ts'
import type { PageIcons } from './icons.ts'
import { renderDocument } from './pages/document.ts'
import { renderFrame } from './pages/frame.ts'
import { pageLanguage } from './pages/page-words.ts'
import type { PageLanguage } from './pages/page-words.ts'
import { renderScriptPage } from './pages/script-page.ts'
import type { PageAhead, PostedPart } from './pages/script-page.ts'
import type { TextPage } from './pages/text-pages.ts'
import { readerLocale } from './reader-locale.ts'
import type { PortalContext } from './route.ts'

/** Writes the portal's own pages in the reader's language. */
export interface PageWriter {
  readonly brand: Brand
  readonly host: string
  languageOf(context: PortalContext): PageLanguage
  textPage(language: PageLanguage, page: TextPage, path: string | null): Promise<string>
  /** A page of text with the style of statements. */
  statementPage(language: PageLanguage, page: TextPage, path: string): Promise<string>
  scriptPage(language: PageLanguage, options: ScriptPageOptions): Promise<string>
}

export interface ScriptPageOptions {
  readonly page: 'opener' | 'viewer' | 'leave' | 'associations'
  readonly askForFile?: boolean
  readonly posted?: PostedPart
}

export function createPageWriter(needs: {
  readonly build: BrowserBuild
  /** Of the page as long as no message says another: the only organisation, or a neutral one. */
  readonly brand: Brand
  readonly host: string
  readonly icons: PageIcons
  readonly statementStyle: Asset
}): PageWriter {
  const { build, brand, host, icons } = needs
  const textPage = (more: readonly Asset[]): PageWriter['textPage'] => {
    const styles = [...build.opener.styles, ...more]
    return (language, { title, content, kept = '' }, path) => {
      const body = renderFrame({ language, brand, host, path, kept, content })
      return renderDocument({ language, brand, title, styles, icons, body })
    }
  }
  return {
    brand,
    host,
    languageOf: context => pageLanguage(readerLocale(context)),
    textPage: textPage([]),
    statementPage: textPage([needs.statementStyle]),
    scriptPage(language, { page, askForFile = false, posted }) {
      return renderScriptPage({
        language,
        brand,
        host,
        icons,
        askForFile,
        title: titleOf(page, language),
        assets: build[page],
        ahead: aheadOf(page, language.tag, build),
        ...(posted === undefined ? {} : { posted }),
      })
    },
  }
}

/**
 * What a page will need in a moment, asked for together with its own files: each round trip saved
 * is one that a reader far away does not wait for. From `/open` a message goes on to the reader.
 */
function aheadOf(page: ScriptPageOptions['page'], tag: string, build: BrowserBuild): PageAhead {
  const { viewer, sentences } = build
  const words = sentences.get(tag) ?? []
  if (page === 'viewer') return { modules: words, styles: [] }
  if (page !== 'opener') return { modules: words.slice(0, 1), styles: [] }
  return { modules: [viewer.script, ...viewer.modules, ...words], styles: viewer.styles }
}

function titleOf(page: ScriptPageOptions['page'], { say }: PageLanguage): string {
  if (page === 'viewer') return say('reader.documentTitle')
  return say(`${page}.title`)
}
