import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { parseAddress } from '../../../core/address/address.ts'
import { Seal } from '../../ui/seal.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { Working } from '../../ui/working.tsx'
import { MaskedAddress } from './masked-address.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import type { MaskedRecipient, PasscodeRequest } from '../../../core/api/messages.ts'
import type { Reader } from '../reader.ts'
import type { Trouble } from '../step.ts'

type Choice = { readonly index: number } | 'another' | null
type Wrong = 'reader.addressNeeded' | 'reader.addressWrong'

/** Which (masked) address is yours? The last answer is a field, for who got a blind copy, or is not told apart. */
export function WhichStep({ reader }: { readonly reader: Reader }): JSX.Element | null {
  const heading = useHeadingFocus()
  const description = reader.description.value
  const recipients = toldApart(description?.recipients ?? [])
  const [choice, setChoice] = useState<Choice>(recipients.length === 0 ? 'another' : null)
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const send = async (): Promise<void> => {
    if (busy) return
    const recipient = recipientOf(choice, typed)
    setTrouble(null)
    setWrong(typeof recipient === 'string' ? recipient : null)
    if (typeof recipient === 'string') {
      field.current?.focus()
      return
    }
    setBusy(true)
    setTrouble(await reader.askPasscode(recipient))
    setBusy(false)
  }
  return (
    <div class="sheet narrow">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text('reader.whichTitle')}
      </h1>
      <p class="soft">{text('reader.whichIntro')}</p>
      <form
        class="stack"
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void send()
        }}
      >
        {recipients.length > 0 && (
          <Choices recipients={recipients} choice={choice} onChoice={setChoice} />
        )}
        <AnotherAddress
          input={field}
          typed={typed}
          wrong={wrong}
          onTyped={text => {
            setTyped(text)
            if (text.trim() !== '') setChoice('another')
          }}
        />
        {trouble !== null && (
          <TroubleNotice trouble={trouble} organisation={description?.organisation.name ?? ''} />
        )}
        <button class="primary">{text('reader.sendPasscode')}</button>
        {busy && <Working what={text('frame.loading')} />}
        <button type="button" class="quiet" onClick={reader.back}>
          {text('reader.back')}
        </button>
      </form>
    </div>
  )
}

/** Those whose address is like no other here when part of it is hidden: nobody knows which of two alike is theirs. */
function toldApart(recipients: readonly MaskedRecipient[]): readonly MaskedRecipient[] {
  return recipients.filter(one =>
    recipients.every(other => other === one || other.masked !== one.masked),
  )
}

/** The recipient to ask for, or what is wrong with the answer. */
function recipientOf(choice: Choice, typed: string): PasscodeRequest['recipient'] | Wrong {
  if (choice !== null && choice !== 'another') return choice
  if (typed.trim() === '') return 'reader.addressNeeded'
  const address = parseAddress(typed.trim())
  return address === null ? 'reader.addressWrong' : { address }
}

function Choices(props: {
  readonly recipients: readonly MaskedRecipient[]
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
}): JSX.Element {
  const { choice } = props
  return (
    <fieldset>
      <legend>{text('reader.which')}</legend>
      {props.recipients.map(({ index, masked }) => (
        <label class="check" key={index}>
          <input
            type="radio"
            name="recipient"
            checked={choice !== null && choice !== 'another' && choice.index === index}
            onChange={() => props.onChoice({ index })}
          />
          <span>
            <MaskedAddress masked={masked} />
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function AnotherAddress(props: {
  readonly input: { current: HTMLInputElement | null }
  readonly typed: string
  readonly wrong: Wrong | null
  readonly onTyped: (typed: string) => void
}): JSX.Element {
  return (
    <div>
      <label for="another">{text('reader.another')}</label>
      <input
        id="another"
        ref={props.input}
        type="email"
        autocomplete="email"
        spellcheck={false}
        dir="ltr"
        value={props.typed}
        aria-invalid={props.wrong !== null}
        aria-describedby="another-hint another-wrong"
        onInput={event => props.onTyped(event.currentTarget.value)}
      />
      <p class="hint" id="another-hint">
        {text('reader.anotherHint')}
      </p>
      <p class="wrong" id="another-wrong" role="alert">
        {props.wrong !== null && text(props.wrong)}
      </p>
    </div>
  )
}
