import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../ui/announce.tsx'
import { Notice } from '../ui/notice.tsx'
import { text } from '../ui/text.ts'
import { Working } from '../ui/working.tsx'
import { TroubleNotice } from '../viewer/steps/trouble-notice.tsx'
import { Ask } from './ask.tsx'
import { useKeptFocus } from './use-kept-focus.ts'
import type { Composer, Sending } from './composer.ts'

interface SendPartProps {
  readonly composer: Composer
  readonly organisation: string
  readonly onSend: () => void
  readonly onDone: () => void
  readonly onSignIn: () => void
}

/** Sends, or deletes what was begun; says how far it is, and what to do when it failed. */
export function SendPart(props: SendPartProps): JSX.Element {
  const { composer, organisation, onSend, onDone, onSignIn } = props
  const [asks, setAsks] = useState(false)
  const sending = composer.sending.value
  const discard = async (): Promise<void> => {
    await composer.discard()
    announce(text('composer.discarded'))
    onDone()
  }
  const ask = (): void => {
    const { written, files } = composer.draft.value
    if (written.trim() === '' && files.length === 0) void discard()
    else setAsks(true)
  }
  const isOnItsWay = isUnderWay(sending)
  const place = useKeptFocus(isOnItsWay ? 'under way' : asks ? 'question' : 'writing')
  return (
    <div ref={place} tabIndex={-1}>
      {isOnItsWay ? (
        <OnItsWay composer={composer} sending={sending} />
      ) : (
        <div class="send">
          {sending.kind === 'failed' && (
            <Failed sending={sending} organisation={organisation} onSignIn={onSignIn} />
          )}
          {composer.mayHaveArrived.value && (
            <Notice>
              <p>{text('composer.mayHaveArrived')}</p>
            </Notice>
          )}
          {asks ? (
            <Ask
              question={text('composer.discardAsk')}
              yes={text('composer.discardYes')}
              no={text('composer.discardNo')}
              onYes={() => void discard()}
              onNo={() => setAsks(false)}
            />
          ) : (
            <div class="pair">
              {/* Not a submit button: Enter in a field must not send. */}
              <button type="button" class="primary" onClick={onSend}>
                {text('composer.send')}
              </button>
              <button type="button" onClick={ask}>
                {text('composer.discard')}
              </button>
            </div>
          )}
          <p class="hint">{text(`composer.keeping-${composer.keeping.value}`)}</p>
        </div>
      )}
    </div>
  )
}

type UnderWay = Extract<Sending, { kind: 'sealing' | 'uploading' | 'delivering' }>

function isUnderWay(sending: Sending): sending is UnderWay {
  return ['sealing', 'uploading', 'delivering'].includes(sending.kind)
}

function OnItsWay(props: { readonly composer: Composer; readonly sending: UnderWay }): JSX.Element {
  const { composer, sending } = props
  const counted = sending.kind === 'delivering' ? {} : { done: sending.done, total: sending.total }
  return (
    <Working
      key={sending.kind}
      what={text(`composer.${sending.kind}`)}
      {...counted}
      onCancel={composer.stop}
    />
  )
}

function Failed(props: {
  readonly sending: Extract<Sending, { kind: 'failed' }>
  readonly organisation: string
  readonly onSignIn: () => void
}): JSX.Element {
  const { sending, organisation, onSignIn } = props
  const { code, retryAfterSeconds } = sending.refusal
  return (
    <>
      {code === 'no-recipients' || code === 'not-sealed' || code === 'too-large' ? (
        <Notice warn>
          <p>{text(`composer.${code}`)}</p>
        </Notice>
      ) : code === 'stopped' ? (
        <Notice>
          <p>{text('composer.stopped')}</p>
        </Notice>
      ) : (
        <TroubleNotice
          trouble={{ code, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }}
          organisation={organisation}
        />
      )}
      {code === 'sign-in-required' && (
        <button type="button" onClick={onSignIn}>
          {text('message.signInAgain')}
        </button>
      )}
    </>
  )
}
