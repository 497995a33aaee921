import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { normaliseCode } from '../../../core/api/normalise-code.ts'
import { announce } from '../../ui/announce.tsx'
import { RichText } from '../../ui/rich-text.tsx'
import { Seal } from '../../ui/seal.tsx'
import { lazyPart } from '../../ui/lazy.tsx'
import { text } from '../../ui/text.ts'
import { Working } from '../../ui/working.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { MaskedAddress } from './masked-address.tsx'
import { NewPasscode } from './new-passcode.tsx'
import { PrivateComputer } from './private-computer.tsx'
import { PasscodeClock } from './passcode-clock.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import type { Refusal } from '../portal-api.ts'
import type { Reader } from '../reader.ts'
import type { AskedPasscode, Trouble } from '../step.ts'

/** Most passcodes associate nothing. */
const association = lazyPart(async () =>
  (await import('./association-notice.tsx')).loadAssociationNotice(),
)

interface CodeStepProps {
  readonly reader: Reader
  readonly asked: AskedPasscode
}

/** Look in your mailbox: the passcode, its reference, how long it holds. */
export function CodeStep({ reader, asked }: CodeStepProps): JSX.Element {
  // The focus goes to the field, where the work is; the step's name is said instead.
  useEffect(() => announce(text('reader.codeTitle')), [])
  const { masked, reference } = asked.answer
  const typed = 'address' in asked.recipient
  return (
    <div class="sheet narrow">
      <Seal />
      <h1>{text('reader.codeTitle')}</h1>
      <p>
        <RichText
          of={typed ? 'reader.codeTyped' : 'reader.codeSent'}
          with={{
            address: (
              <b>
                <MaskedAddress masked={masked} />
              </b>
            ),
            reference: <span class="ref">{reference}</span>,
          }}
        />
      </p>
      {asked.associate !== undefined && (
        <association.Part reader={reader} account={asked.associate} />
      )}
      <PasscodeForm key={asked.answer.id} reader={reader} asked={asked} />
      <DeliveryState reader={reader} asked={asked} />
    </div>
  )
}

/** What the field says about a code that did not do. */
type Wrong =
  { readonly kind: 'incomplete' } | { readonly kind: 'wrong'; readonly triesLeft: number }

function PasscodeForm({ reader, asked }: CodeStepProps): JSX.Element {
  const { answer } = asked
  const field = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const triesLeft = wrong?.kind === 'wrong' ? wrong.triesLeft : answer.triesLeft
  const refuse = (refusal: Refusal): void => {
    if (refusal.code === 'wrong-passcode')
      setWrong({ kind: 'wrong', triesLeft: refusal.triesLeft ?? 0 })
    else setTrouble(refusal)
    field.current?.select()
  }
  const submit = async (): Promise<void> => {
    if (busy) return
    setTrouble(null)
    const code = normaliseCode(field.current?.value ?? '')
    setWrong(code === null ? { kind: 'incomplete' } : null)
    if (code === null) {
      field.current?.focus()
      return
    }
    setBusy(true)
    const refusal = await reader.enterPasscode(code)
    setBusy(false)
    if (refusal !== null) refuse(refusal)
  }
  useEffect(() => field.current?.focus(), [])
  return (
    <form
      class="stack"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void submit()
      }}
    >
      <div>
        <label for="passcode">{text('reader.code')}</label>
        <input
          id="passcode"
          ref={field}
          class="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          autocapitalize="off"
          spellcheck={false}
          maxLength={40}
          aria-invalid={wrong !== null}
          aria-describedby="passcode-wrong passcode-hint"
        />
        <p class="wrong" id="passcode-wrong" role="alert">
          {wrong !== null && wrongWords(wrong, answer.reference)}
        </p>
        <PasscodeClock expiresAtMs={answer.expiresAtMs} triesLeft={triesLeft} />
      </div>
      <PrivateComputer reader={reader} />
      {trouble !== null && (
        <TroubleNotice
          trouble={trouble}
          organisation={reader.description.value?.organisation.name ?? ''}
        />
      )}
      <button class="primary">{text('reader.continue')}</button>
      {busy && <Working what={text('frame.loading')} />}
      <NewPasscode
        reader={reader}
        asked={asked}
        onSent={reference => announce(text('reader.newPasscodeSent', { reference }))}
        onTrouble={setTrouble}
      />
      <button type="button" class="quiet" onClick={reader.chooseAddress}>
        {text('reader.otherAddress')}
      </button>
    </form>
  )
}

function wrongWords(wrong: Wrong, reference: string): string {
  return wrong.kind === 'incomplete'
    ? text('reader.codeIncomplete', { reference })
    : text('reader.codeWrong', { tries: wrong.triesLeft })
}
