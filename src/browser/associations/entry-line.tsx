import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../ui/announce.tsx'
import { formatDay } from '../ui/format.ts'
import { text } from '../ui/text.ts'
import type { Entry } from './associations.ts'

interface EntryLineProps {
  readonly entry: Entry
  readonly onRemove: (entry: Entry) => Promise<boolean>
}

/** One account or passkey, and its removal, which asks before it does. */
export function EntryLine({ entry, onRemove }: EntryLineProps): JSX.Element {
  const [asking, setAsking] = useState(false)
  const [kept, setKept] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (kept && !asking) button.current?.focus()
  }, [kept, asking])
  const keep = (): void => {
    setKept(true)
    setAsking(false)
  }
  const what = titleOf(entry)
  const { createdAtMs, lapsesAtMs } = entry.view
  const remove = async (): Promise<void> => {
    if (await onRemove(entry)) announce(text('associations.removed'))
  }
  return (
    <li>
      <div class="what">
        <p>
          <b>{what}</b> <bdi>{ownerOf(entry)}</bdi>
        </p>
        <p class="soft small">
          {text('associations.made', {
            made: formatDay(createdAtMs),
            lapses: formatDay(lapsesAtMs),
          })}
        </p>
      </div>
      {asking ? (
        <Sure onYes={() => void remove()} onNo={keep} />
      ) : (
        <button
          type="button"
          ref={button}
          aria-label={text('associations.removeWhat', { what: `${what} ${ownerOf(entry)}` })}
          onClick={() => setAsking(true)}
        >
          {text('associations.remove')}
        </button>
      )}
    </li>
  )
}

function Sure(props: { readonly onYes: () => void; readonly onNo: () => void }): JSX.Element {
  const keep = useRef<HTMLButtonElement>(null)
  useEffect(() => keep.current?.focus(), [])
  return (
    <>
      <p class="sure" id="sure">
        {text('associations.sure')}
      </p>
      <div class="do">
        <button type="button" aria-describedby="sure" onClick={props.onYes}>
          {text('associations.remove')}
        </button>
        <button type="button" ref={keep} aria-describedby="sure" onClick={props.onNo}>
          {text('associations.keep')}
        </button>
      </div>
    </>
  )
}

function titleOf(entry: Entry): string {
  return entry.kind === 'passkey'
    ? text('associations.passkey')
    : text('associations.account', { provider: entry.view.provider.name })
}

function ownerOf(entry: Entry): string {
  const { address } = entry.view
  if (address === null) return text('associations.accountHidden')
  return text('associations.accountFor', { address })
}
