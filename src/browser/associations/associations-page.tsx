import type { JSX } from 'preact'
import { text } from '../ui/text.ts'
import { useHeadingFocus } from '../ui/use-heading-focus.ts'
import { Working } from '../ui/working.tsx'
import { TroubleNotice } from '../viewer/steps/trouble-notice.tsx'
import type { Associations, Entry } from './associations.ts'
import { EntryLine } from './entry-line.tsx'

interface AssociationsPageProps {
  readonly associations: Associations
  readonly organisation: string
}

/** What opens messages for this person without a passcode; each can be removed. */
export function AssociationsPage({
  associations,
  organisation,
}: AssociationsPageProps): JSX.Element {
  const heading = useHeadingFocus()
  const state = associations.state.value
  const title = state.kind === 'signed-out' ? 'associations.signInTitle' : 'associations.title'
  return (
    <div class="sheet">
      <h1 ref={heading} tabIndex={-1}>
        {text(title)}
      </h1>
      <Content
        associations={associations}
        organisation={organisation}
        onRemoved={() => heading.current?.focus()}
      />
      <a class="button" href={state.kind === 'signed-out' ? '/open' : '/read'}>
        {text('associations.back')}
      </a>
    </div>
  )
}

/** @param props.onRemoved the entry that had the focus is gone: it goes on from the heading (WCAG 2.4.3) */
function Content({
  associations,
  organisation,
  onRemoved,
}: AssociationsPageProps & { readonly onRemoved: () => void }): JSX.Element {
  const state = associations.state.value
  const remove = async (entry: Entry): Promise<boolean> => {
    const isGone = await associations.remove(entry)
    if (isGone) onRemoved()
    return isGone
  }
  switch (state.kind) {
    case 'loading':
      return <Working what={text('frame.loading')} />
    case 'signed-out':
      return <p>{text('associations.signIn')}</p>
    case 'trouble':
      return <TroubleNotice trouble={state.refusal} organisation={organisation} />
    case 'list':
      return (
        <>
          <p class="soft">{text('associations.intro', { organisation })}</p>
          {state.failed !== null && (
            <TroubleNotice trouble={state.failed} organisation={organisation} />
          )}
          {state.entries.length === 0 ? (
            <p>{text('associations.none')}</p>
          ) : (
            <ul class="entries">
              {state.entries.map(entry => (
                <EntryLine key={entry.view.id} entry={entry} onRemove={remove} />
              ))}
            </ul>
          )}
          {state.entries.some(({ kind }) => kind === 'passkey') && (
            <p class="soft small">{text('associations.noticeDevice')}</p>
          )}
        </>
      )
  }
}
