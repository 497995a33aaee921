import { useEffect } from 'preact/hooks'
import type { ComponentChildren, JSX } from 'preact'
import type { OrganisationView } from '../../core/api/messages.ts'
import { Announcer } from './announce.tsx'
import { initialOf } from './initial-of.ts'
import { chooseLanguage, languageChoices, locale, text } from './text.ts'

interface PageFrameProps {
  readonly organisation: OrganisationView
  readonly portalHost: string
  /** Of the window, in the language of the page; left as it is when absent. */
  readonly title?: string | undefined
  /** The message page is wider than the steps before it. */
  readonly wide?: boolean
  readonly children: ComponentChildren
}

/** What every page has: organisation, language choice, main landmark, privacy, how to know it is real. */
export function PageFrame(props: PageFrameProps): JSX.Element {
  const { title } = props
  useEffect(() => {
    if (title !== undefined) document.title = title
  }, [title])
  return (
    <div id="page" class={props.wide === true ? 'wide' : ''}>
      <a class="button skip" href="#main" onClick={skip}>
        {text('frame.skip')}
      </a>
      <header class="top">
        <Brand organisation={props.organisation} />
        <LanguageChoice />
      </header>
      <main id="main" tabIndex={-1}>
        {props.children}
      </main>
      <footer class="foot">
        <bdi>{props.portalHost}</bdi>
        <nav>
          <a href={`/privacy?lang=${locale.value}&for=${props.organisation.id}`}>
            {text('frame.privacy')}
          </a>
          <a href={`/accessibility?lang=${locale.value}&for=${props.organisation.id}`}>
            {text('statement.accessibility')}
          </a>
          <IsThisReal organisation={props.organisation.name} host={props.portalHost} />
        </nav>
      </footer>
      <Announcer />
    </div>
  )
}

/** Moves the focus and leaves the address alone: its fragment carries a share, or where a link goes. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Brand({ organisation }: { readonly organisation: OrganisationView }): JSX.Element {
  return (
    <span class="brand">
      {organisation.logo === '' ? (
        <span class="logo" aria-hidden="true">
          {initialOf(organisation.name)}
        </span>
      ) : (
        <img class="logo" src={organisation.logo} alt="" />
      )}
      <bdi>{organisation.name}</bdi>
    </span>
  )
}

function LanguageChoice(): JSX.Element {
  return (
    <label class="language">
      <span class="spoken">{text('frame.language')}</span>
      <select
        value={locale.value}
        onChange={event => {
          void chooseLanguage(event.currentTarget.value)
        }}
      >
        {languageChoices().map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag} selected={tag === locale.value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function IsThisReal(props: { readonly organisation: string; readonly host: string }): JSX.Element {
  return (
    <details class="real">
      <summary>{text('frame.real')}</summary>
      <div>
        <p>{text('frame.realHost', props)}</p>
        <p>{text('frame.realCode')}</p>
        <p>{text('frame.realNever')}</p>
      </div>
    </details>
  )
}
