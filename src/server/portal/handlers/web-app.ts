import { SHARED_FIELD, SHARED_PATH } from '../../../core/api/shared-file.ts'
import type { Asset } from '../asset.ts'
import type { PageIcons } from '../icons.ts'
import type { PageWriter } from '../page-writer.ts'
import { query } from '../pages/page-words.ts'
import type { PageLanguage } from '../pages/page-words.ts'
import type { Handler } from '../route.ts'
import { discardBody } from './open.ts'

const HTML_FILES = { 'text/html': ['.html', '.htm'] }

/** `GET /manifest.webmanifest`: installable; takes message.html from other apps and from the file manager. */
export function webAppManifestHandler(writer: PageWriter, icons: PageIcons): Handler {
  return context => {
    const manifest = JSON.stringify(webAppManifest(writer, writer.languageOf(context), icons))
    return context.body(manifest, 200, {
      'Content-Type': 'application/manifest+json; charset=UTF-8',
    })
  }
}

/** Web Application Manifest, with `share_target` (Web Share Target) and `file_handlers`. */
function webAppManifest({ brand }: PageWriter, language: PageLanguage, icons: PageIcons) {
  const { say, tag, direction } = language
  const { name } = brand.view
  return {
    id: '/',
    name: say('page.appName', { organisation: name }),
    short_name: name,
    description: say('page.homeIntro', { organisation: name }),
    lang: tag,
    dir: direction,
    start_url: `/open${query(language)}`,
    scope: '/',
    display: 'standalone',
    background_color: '#fbf9f5',
    theme_color: '#fbf9f5',
    icons: [
      icon(icons.small, '192x192', 'any'),
      icon(icons.large, '512x512', 'any'),
      icon(icons.maskable, '512x512', 'maskable'),
    ],
    share_target: {
      action: SHARED_PATH,
      method: 'POST',
      enctype: 'multipart/form-data',
      params: {
        files: [{ name: SHARED_FIELD, accept: Object.entries(HTML_FILES).flat(2) }],
      },
    },
    file_handlers: [{ action: '/open', accept: HTML_FILES }],
    launch_handler: { client_mode: 'navigate-new' },
  }
}

function icon({ path, type }: Asset, sizes: string, purpose: 'any' | 'maskable') {
  return { src: path, sizes, type, purpose }
}

/** `GET /service-worker.js`: asked for again each time, so that nobody runs yesterday's. */
export function serviceWorkerHandler(script: Asset): Handler {
  return async context => {
    const wantsBrotli = /\bbr\b/.test(context.req.header('accept-encoding') ?? '')
    const small = wantsBrotli ? await script.brotli() : null
    return context.body(small ?? script.bytes, 200, {
      'Content-Type': script.type,
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
      ...(small === null ? {} : { 'Content-Encoding': 'br' }),
    })
  }
}

/**
 * `POST /open/shared`: meant for the service worker. Where there is none any more, the file is read past
 * and thrown away (it holds the envelope's share, which the portal must not see), and the page asks for it.
 */
export function sharedFileHandler(writer: PageWriter, clock: () => number): Handler {
  return async context => {
    await discardBody(context, clock)
    return context.redirect(`/open${query(writer.languageOf(context))}`, 303)
  }
}
