import { html, raw } from 'hono/html'
import type { DescribeAnswer } from '../../../core/api/messages.ts'
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

/** A message that is posted to the reader's page. */
export interface PostedPart {
  readonly signature: string
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
  /** What is known of it, and its bytes, are put in later; see `splitPosted`. */
  readonly posted?: PostedPart
}

/** Never occur in what is escaped: no markup of ours has them. */
const DESCRIPTION_PLACE = '\u0000description\u0000'
const ENVELOPE_PLACE = '\u0000envelope\u0000'

/**
 * A page that a script fills; without scripts it says what it needs. src/browser/ui/page-config.ts reads `config`.
 * The script is asked for first, and begins when it and the blocks before it are there: it waits for no envelope.
 */
export function renderScriptPage(parts: ScriptPageParts): Promise<string> {
  const { language, brand, title, assets, icons } = parts
  const head = html`${[assets.script, ...assets.modules].map(preload)}${ahead(parts)}`
  const body = html`<div id="app"></div>
    <noscript>${noScript(parts)}</noscript>
    ${dataBlock(parts)}${parts.posted === undefined ? '' : raw(DESCRIPTION_PLACE)}
    ${moduleScript(assets.script)}
    ${parts.posted === undefined ? '' : envelopeBlock(parts.posted.signature)}`
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

export interface PostedPage {
  /** All that asks for files: it can leave while the message is still looked at. */
  readonly head: string
  readonly beforeEnvelope: string
  readonly after: string
}

/** The page around what is known of the message, and around its envelope. */
export function splitPosted(page: string): PostedPage {
  const [head = '', rest = ''] = page.split(DESCRIPTION_PLACE)
  const [beforeEnvelope = '', after = ''] = rest.split(ENVELOPE_PLACE)
  return { head, beforeEnvelope, after }
}

/** Null: the page has to ask. src/browser/opener/posted-page.ts reads it. */
export function descriptionBlock(description: DescribeAnswer | null): string {
  if (description === null) return ''
  return `<script type="application/json" id="description">${inertJson(description)}</script>`
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
  return html`<script
    type="module"
    async
    src="${script.path}"
    integrity="${script.integrity}"
  ></script>`
}

function dataBlock({ language, brand, host, askForFile }: ScriptPageParts): Markup {
  const config = { organisation: brand.view, locale: language.tag, portalHost: host, askForFile }
  return html`<script type="application/json" id="config">
    ${raw(inertJson(config))}
  </script>`
}

/** `<` cannot end the element, nor open a comment (HTML §4.12.1.3). */
function inertJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}

/** Something stands behind it, so that the page sees whether all of it has come. src/browser/opener/posted-block.ts */
function envelopeBlock(signature: string): Markup {
  return html`<script type="application/octet-stream" id="envelope" data-signature="${signature}">
      ${raw(ENVELOPE_PLACE)}
    </script>
    <span hidden></span>`
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
