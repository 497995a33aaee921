import { html } from 'hono/html'
import { directionOf, matchLocale, translator } from '../../text/text.ts'
import type { Translate } from '../../text/text.ts'
import type { Html } from '../pages/page-frame.ts'
import { KINDS } from './simulated-account.ts'
import type { Kind, SimulatedAccount, World } from './simulated-account.ts'

export const WORLD_NAMES = { microsoft: 'Microsoft', google: 'Google' } as const

export interface PickView {
  readonly world: World
  readonly accounts: readonly SimulatedAccount[]
  /** The query of the authorization request; every choice carries it on. */
  readonly request: string
  /** True when an account is to be made. */
  readonly isNew: boolean
  /** What stands in the field of a new account. */
  readonly hint: string
}

interface Frame {
  readonly locale: string
  readonly text: Translate
}

/** The language of the browser. */
export function frameOf(acceptLanguage: string | null): Frame {
  const locale = matchLocale(acceptLanguage)
  return { locale, text: translator(locale) }
}

/** Where one picks who one is; plainly labelled as simulated. */
export function pickPage(frame: Frame, view: PickView): Html {
  const { text } = frame
  const provider = WORLD_NAMES[view.world]
  const refuse = `/${view.world}/continue?${new URLSearchParams({ request: view.request }).toString()}`
  const list = html`<h2>${text('simulator.pick')}</h2>
    <ul class="accounts">
      ${view.accounts.map(account => accountLine(frame, account, view.request))}
    </ul>`
  const form = typedForm(frame, view)
  return page(
    frame,
    text('simulator.title', { provider }),
    html`<h1>${text('simulator.title', { provider })}</h1>
      ${view.isNew ? html`${form} ${list}` : html`${list} ${form}`}
      <p class="refuse"><a class="button" href="${refuse}">${text('simulator.refuse')}</a></p>`,
  )
}

function accountLine({ text }: Frame, account: SimulatedAccount, request: string): Html {
  const query = new URLSearchParams({ account: account.id, request })
  return html`<li>
    <a href="/${account.world}/continue?${query.toString()}">
      <strong>${account.name}</strong> <span>${account.email}</span>
      <small>${text(kindText(account.kind))}</small>
    </a>
  </li>`
}

/** Any address, with anything that may be said about it. */
function typedForm({ text }: Frame, { world, request, hint, isNew }: PickView): Html {
  return html`<h2>${text(isNew ? 'simulator.make' : 'simulator.other')}</h2>
    <form method="get" action="/${world}/continue">
      <input type="hidden" name="request" value="${request}" />
      <p>
        <label for="email">${text('simulator.email')}</label>
        <input id="email" name="email" type="email" required value="${hint}" />
      </p>
      <p>
        <label for="kind">${text('simulator.kind')}</label>
        <select id="kind" name="kind">
          ${KINDS[world].map(kind => html`<option value="${kind}">${text(kindText(kind))}</option>`)}
        </select>
      </p>
      <p>
        <label><input type="checkbox" name="mfa" value="1" /> ${text('simulator.mfa')}</label>
      </p>
      <button class="primary">${text(isNew ? 'simulator.make' : 'simulator.use')}</button>
    </form>`
}

/** Who is signed in here, and how to forget it. */
export function homePage(frame: Frame, signedIn: readonly SimulatedAccount[]): Html {
  const { text } = frame
  return page(
    frame,
    text('simulator.home'),
    html`<h1>${text('simulator.home')}</h1>
      ${
        signedIn.length === 0
          ? html`<p>${text('simulator.nobody')}</p>`
          : html`<ul>
                ${signedIn.map(
                  ({ world, name, email }) =>
                    html`<li>${WORLD_NAMES[world]}: <strong>${name}</strong> ${email}</li>`,
                )}
              </ul>
              <form method="post" action="/forget">
                <button>${text('simulator.forget')}</button>
              </form>`
      }`,
  )
}

function page({ locale, text }: Frame, title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="${locale}" dir="${directionOf(locale)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/frame.css" />
        <link rel="stylesheet" href="/assets/simulator.css" />
      </head>
      <body class="simulator">
        <aside class="note">
          <strong>${text('simulator.simulated')}</strong> ${text('simulator.about')}
        </aside>
        <main id="content" class="sheet">${body}</main>
      </body>
    </html>`
}

const TEXTS = {
  personal: 'simulator.personal',
  work: 'simulator.work',
  guest: 'simulator.guest',
  liar: 'simulator.liar',
  gmail: 'simulator.gmail',
  workspace: 'simulator.workspace',
  other: 'simulator.otherMail',
  unverified: 'simulator.unverified',
} as const satisfies Readonly<Record<Kind, string>>

const kindText = (kind: Kind): (typeof TEXTS)[Kind] => TEXTS[kind]
