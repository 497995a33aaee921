import { html } from 'hono/html'
import { icons } from './icons.ts'
import { languages } from './page-context.ts'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { PageContext } from './page-context.ts'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** What stands around every page: title, the way to a new mail, language. */
export function pageFrame(
  context: PageContext,
  page: {
    readonly title: string
    readonly kind: 'list' | 'message' | 'compose'
    readonly body: Html
  },
): Html {
  const { text, link } = context
  return html`<!doctype html>
    <html lang="${context.locale}" dir="${context.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · ${text('mailbox.title')}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/frame.css" />
        <link rel="stylesheet" href="/assets/letter.css" />
        <link rel="stylesheet" href="/assets/mailbox.css" />
        <script type="module" src="/assets/mailbox.js"></script>
      </head>
      <body class="${page.kind}">
        <a class="skip" href="#content">${text('mailbox.skip')}</a>
        <header>
          <a class="brand" href="${link('/', { owner: null })}">
            ${icons.envelope}<strong>${text('mailbox.title')}</strong>
          </a>
          <p class="soft about">${text('mailbox.about')}</p>
          <a class="button primary" href="${link('/compose')}"
            >${icons.pen}${text('mailbox.write')}</a
          >
        </header>
        ${page.body}
        <footer>
          <p class="soft">${text('mailbox.memory')}</p>
          <nav aria-label="${text('mailbox.language')}">
            ${languages.map(
              ({ tag, name }) =>
                html`<a
                  href="${link(context.path, { locale: tag })}"
                  lang="${tag}"
                  hreflang="${tag}"
                  ${tag === context.locale ? html`aria-current="true"` : ''}
                  >${name}</a
                > `,
            )}
          </nav>
        </footer>
        <p
          id="news"
          class="unseen"
          role="status"
          data-text="${text('mailbox.arrived', { who: '{who}' })}"
        ></p>
      </body>
    </html>`
}
