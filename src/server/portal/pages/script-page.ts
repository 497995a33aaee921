import { html, raw } from 'hono/html'
import type { Asset } from '../asset.ts'
import type { Brand } from '../brand.ts'
import type { PageAssets } from '../browser-build.ts'
import type { PageIcons } from '../icons.ts'
import { renderDocument } from './document.ts'
import type { Markup } from './document.ts'
import { renderFrame } from './frame.ts'
import type { PageLanguage } from './page-words.ts'
import { seal } from './seal.ts'

/** Files that the page itself does not use yet. */
export interface PageAhead {
  readonly modules: readonly Asset[]
  readonly styles: readonly Asset[]
}

export interface ScriptPageParts {
  readonly language: PageLanguage
  readonly brand: Brand
  readonly host: string
  readonly title: string
  readonly assets: PageAssets
  readonly ahead: PageAhead
  readonly icons: PageIcons
  /** The page was asked to take an envelope that the portal did not take in. */
  readonly askForFile: boolean
  /** Stands in the page where the envelope's bytes are put in; see `splitAtEnvelope`. */
  readonly envelope?: { readonly signature: string }
}

/** Never occurs in what is escaped: no markup of ours has it. */
const ENVELOPE_PLACE = '\u0000envelope\u0000'

/** A page that a script fills; without scripts it says what it needs. src/browser/ui/page-config.ts reads `config`. */
export function renderScriptPage(parts: ScriptPageParts): Promise<string> {
  const { language, brand, title, assets, icons } = parts
  const head = html`${assets.modules.map(preload)}${moduleScript(assets.script)}${ahead(parts)}`
  const body = html`<div id="app"></div>
    <noscript>${noScript(parts)}</noscript>
    ${dataBlock(parts)}
    ${parts.envelope === undefined ? '' : envelopeBlock(parts.envelope.signature)}`
  return renderDocument({
    language,
    brand,
    title,
    styles: assets.styles,
    icons,
    head,
    body,
  })
}

/** The page before and after the envelope. */
export function splitAtEnvelope(page: string): { readonly before: string; readonly after: string } {
  const [before = '', after = ''] = page.split(ENVELOPE_PLACE)
  return { before, after }
}

function preload(module: Asset): Markup {
  return html`<link rel="modulepreload" href="${module.path}" integrity="${module.integrity}" /> `
}

/** After the page's own; a file that is both is asked for once. */
function ahead({ assets, ahead }: ScriptPageParts): Markup {
  const own = new Set([assets.script, ...assets.modules, ...assets.styles])
  const modules = ahead.modules.filter(module => !own.has(module))
  const styles = ahead.styles.filter(style => !own.has(style))
  return html`${modules.map(preload)}${styles.map(preloadStyle)}`
}

function preloadStyle(style: Asset): Markup {
  return html`<link
    rel="preload"
    as="style"
    href="${style.path}"
    integrity="${style.integrity}"
  /> `
}

function moduleScript(script: Asset): Markup {
  return html`<script type="module" src="${script.path}" integrity="${script.integrity}"></script>`
}

function dataBlock({ language, brand, host, askForFile }: ScriptPageParts): Markup {
  const config = { organisation: brand.view, locale: language.tag, portalHost: host, askForFile }
  // `<` cannot end the element, nor open a comment (HTML §4.12.1.3).
  const json = JSON.stringify(config).replaceAll('<', String.raw`\u003c`)
  return html`<script type="application/json" id="config">
    ${raw(json)}
  </script>`
}

function envelopeBlock(signature: string): Markup {
  return html`<script type="application/octet-stream" id="envelope" data-signature="${signature}">
    ${raw(ENVELOPE_PLACE)}
  </script>`
}

function noScript({ language, brand, host }: ScriptPageParts): Markup {
  const { say } = language
  const content = html`<div class="sheet narrow">
    ${seal}
    <h1>${say('page.noScriptTitle')}</h1>
    <p>${say('page.noScript')}</p>
    <p class="soft">${say('page.noScriptWhy')}</p>
  </div>`
  return renderFrame({ language, brand, host, path: null, content })
}
