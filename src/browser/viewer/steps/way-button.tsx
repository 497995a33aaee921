import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { Notice } from '../../ui/notice.tsx'
import { addText, text } from '../../ui/text.ts'
import { Working } from '../../ui/working.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import type { Reader } from '../reader.ts'
import type { Trouble } from '../step.ts'
import type { OfferedWay } from './order-ways.ts'

interface WayButtonProps {
  readonly reader: Reader
  readonly way: OfferedWay
  readonly look: 'primary' | ''
  /** Whether an account was not enough: its provider shall let the person pick another, or sign in anew. */
  readonly pick: boolean
}

/** One way in: its button, the wait, and what went wrong. */
export function WayButton({ reader, way, look, pick }: WayButtonProps): JSX.Element {
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | 'cancelled' | null>(null)
  const go = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    setTrouble(null)
    setTrouble(await take(reader, way, pick))
    setBusy(false)
  }
  return (
    <>
      <button type="button" class={look} onClick={() => void go()}>
        {way.kind === 'account' && way.provider.logo !== '' && (
          <img class="mark" src={way.provider.logo} alt="" />
        )}
        {nameOf(way)}
      </button>
      {busy && <Working what={text('frame.loading')} />}
      {trouble === 'cancelled' && (
        <Notice warn>
          <p>{text('signIn.passkeyCancelled')}</p>
        </Notice>
      )}
      {trouble !== null && trouble !== 'cancelled' && (
        <TroubleNotice
          trouble={trouble}
          organisation={reader.description.value?.organisation.name ?? ''}
        />
      )}
    </>
  )
}

async function take(
  reader: Reader,
  way: OfferedWay,
  pick: boolean,
): Promise<Trouble | 'cancelled' | null> {
  if (way.kind === 'passcode') return reader.wantPasscode()
  if (way.kind === 'passkey') {
    const [used] = await Promise.all([reader.usePasskey(), addText('ways')])
    return used
  }
  await reader.signInWith(way.provider.id, pick ? 'choose' : 'usual')
  return null
}

function nameOf(way: OfferedWay): string {
  if (way.kind === 'passcode') return text('reader.passcode')
  if (way.kind === 'passkey') return text('reader.passkey')
  return text('reader.provider', { provider: way.provider.name })
}
