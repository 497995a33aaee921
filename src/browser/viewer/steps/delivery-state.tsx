import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { formatAgo } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import { useNow } from './use-now.ts'
import type { PasscodeDelivery } from '../../../core/api/messages.ts'
import type { Reader } from '../reader.ts'
import type { AskedPasscode } from '../step.ts'

/** Pauses between two questions what became of the mail; a mail server that greylists takes minutes. */
const pausesMs = [800, 1500, 2000, 3000, 5000, 10_000, 20_000, 30_000]

/** What became of the passcode mail, as far as the portal can say it truthfully. */
export function DeliveryState(props: {
  readonly reader: Reader
  readonly asked: AskedPasscode
}): JSX.Element | null {
  const { reader, asked } = props
  const delivery = useDelivery(reader, asked.answer.id)
  const now = useNow(10_000)
  if (delivery === null || delivery.state === 'unknown') return null
  if (delivery.state === 'sending')
    return (
      <p class="soft small" role="status">
        {text('reader.sending')}
      </p>
    )
  const domain = asked.answer.masked.split('@').at(-1) ?? ''
  if (delivery.state === 'refused')
    return (
      <Notice warn>
        <p>
          {delivery.reason === undefined
            ? text('reader.refusedNoReason')
            : text('reader.refused', { domain, reason: delivery.reason })}
        </p>
      </Notice>
    )
  return (
    <p class="soft small" role="status">
      {text('reader.delivered', { domain, ago: formatAgo(delivery.atMs, now) })}
    </p>
  )
}

function useDelivery(reader: Reader, id: string): PasscodeDelivery | null {
  const [delivery, setDelivery] = useState<PasscodeDelivery | null>(null)
  useEffect(() => {
    let ended = false
    let timer: ReturnType<typeof setTimeout>
    const look = async (asked: number): Promise<void> => {
      const state = await reader.passcodeDelivery(id)
      if (ended) return
      if (state !== null) setDelivery(state)
      if (state !== null && state.state !== 'sending') return
      timer = setTimeout(() => void look(asked + 1), pausesMs[asked] ?? pausesMs.at(-1))
    }
    timer = setTimeout(() => void look(1), pausesMs[0])
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [id])
  return delivery
}
