import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX, RefObject } from 'preact'
import { MAX_SUBJECT_CHARACTERS } from '../../core/reply/limits.ts'
import { formatList } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { text } from '../ui/text.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { EditorField } from './editor/editor-field.tsx'
import { FilesField } from './files-field.tsx'
import { OriginalField } from './original-field.tsx'
import { PeopleField } from './people-field.tsx'
import { SendPart } from './send-part.tsx'
import { SenderFields } from './sender-fields.tsx'
import { useIncomingFiles } from './use-incoming-files.ts'
import type { Composer } from './composer.ts'
import type { Draft } from './draft.ts'
import type { WritingDesk } from './writing-desk.ts'

interface AnswerFormProps {
  readonly title: string
  readonly composer: Composer
  readonly shown: ShownLetter
  readonly organisation: string
  readonly desk: RefObject<WritingDesk | null>
  /** With what was sent. */
  readonly onSent: (draft: Draft) => void
  /** Nothing more is to be written here. */
  readonly onDone: () => void
  readonly onSignIn: () => void
}

/** Everything of an answer, in the order in which a letter is written. */
export function AnswerForm(props: AnswerFormProps): JSX.Element {
  const { composer, shown, organisation, desk } = props
  const form = useRef<HTMLFormElement>(null)
  const over = useIncomingFiles(form, composer, desk)
  const draft = composer.draft.value
  const { kind } = composer.sending.value
  const isSending = kind === 'sealing' || kind === 'uploading' || kind === 'delivering'
  useFirstFocus(form, composer, desk)
  const send = async (): Promise<void> => {
    desk.current?.flush()
    // An address that was typed and not taken is nobody yet.
    const typed = form.current?.querySelector<HTMLInputElement>('#add-person') ?? null
    if (typed !== null && typed.value.trim() !== '') return typed.focus()
    await composer.send()
    if (composer.sending.value.kind === 'sent') props.onSent(composer.draft.value)
  }
  return (
    <form
      class={over ? 'over' : ''}
      ref={form}
      noValidate
      onSubmit={event => event.preventDefault()}
    >
      <h1>{props.title}</h1>
      <Found composer={composer} />
      {/* What is being sealed is what is seen. */}
      <div class="answer" inert={isSending}>
        <PeopleField composer={composer} shown={shown} organisation={organisation} />
        <div>
          <label for="subject">{text('composer.subject')}</label>
          <input
            id="subject"
            type="text"
            dir="auto"
            autocomplete="off"
            maxLength={MAX_SUBJECT_CHARACTERS}
            value={draft.subject}
            onInput={event => composer.change({ subject: event.currentTarget.value })}
          />
        </div>
        <EditorField composer={composer} desk={desk} />
        <FilesField composer={composer} letter={shown.letter} desk={desk} over={over} />
        <OriginalField composer={composer} letter={shown.letter} />
        <SenderFields composer={composer} address={shown.release.recipient} />
      </div>
      <SendPart
        composer={composer}
        organisation={organisation}
        onSend={() => void send()}
        onDone={props.onDone}
        onSignIn={props.onSignIn}
      />
    </form>
  )
}

/** Where the work is: the text, or the address of who gets a forwarded letter. */
function useFirstFocus(
  form: RefObject<HTMLFormElement | null>,
  composer: Composer,
  desk: RefObject<WritingDesk | null>,
): void {
  useEffect(() => {
    const { to } = composer.draft.value
    const field = form.current?.querySelector<HTMLElement>('#add-person') ?? null
    if (to.length === 0 && field !== null) field.focus()
    else desk.current?.focus()
  }, [])
}

/** What became of a draft that was left here. */
function Found({ composer }: { readonly composer: Composer }): JSX.Element | null {
  const [words] = useState(composer.isRestored ? text('composer.restored') : '')
  const { lost } = composer
  if (words === '' && lost.length === 0) return null
  return (
    <Notice warn={lost.length > 0}>
      {words !== '' && <p>{words}</p>}
      {lost.length > 0 && <p>{text('composer.lost', { names: formatList(lost) })}</p>}
    </Notice>
  )
}
