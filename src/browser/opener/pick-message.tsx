import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { Notice } from '../ui/notice.tsx'
import { Seal } from '../ui/seal.tsx'
import { text } from '../ui/text.ts'
import type { TextKey } from '../ui/text.ts'
import { useHeadingFocus } from '../ui/use-heading-focus.ts'
import { Working } from '../ui/working.tsx'
import { openMessage } from './open-message.ts'
import type { OpenRefusal } from './open-message.ts'
import { fileIn } from './file-in.ts'
import { onLaunchedFile } from './launched-file.ts'
import { takePickedQuietly } from './take-picked.ts'
import type { PickReason } from './pick-reason.ts'
import type { KeptMessage } from './tab-store.ts'
import type { OrganisationView } from '../../core/api/messages.ts'

interface PickMessageProps {
  readonly organisation: OrganisationView
  readonly reason: PickReason | 'message-evicted' | 'memory'
  readonly onTaken: (message: KeptMessage) => void | Promise<void>
}

/** How far the file is read, in bytes. */
interface FileReading {
  readonly done: number
  readonly total: number
  readonly stop: () => void
}

/** Takes message.html by picker, drop or paste; reads it here and uploads nothing. */
export function PickMessage(props: PickMessageProps): JSX.Element {
  const heading = useHeadingFocus()
  const [refusal, setRefusal] = useState<OpenRefusal | null>(null)
  const [reading, setReading] = useState<FileReading | null>(null)
  const take = async (file: Blob | null): Promise<void> => {
    if (file === null || reading !== null) return
    const stopped = new AbortController()
    const showProgress = (done: number, total = file.size): void =>
      setReading({ done, total, stop: () => stopped.abort() })
    setRefusal(null)
    showProgress(0)
    const read = () => takePickedQuietly(file, showProgress, stopped.signal)
    const opened = await openMessage(read, location.hash)
    if (opened.ok) await props.onTaken(opened.message)
    else if (!stopped.signal.aborted) setRefusal(opened.code)
    setReading(null)
  }
  return (
    <div class="sheet narrow">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text('opener.title')}
      </h1>
      <Reason reason={props.reason} organisation={props.organisation.name} />
      {refusal !== null && <Refusal code={refusal} organisation={props.organisation.name} />}
      <FileDrop onFile={take} />
      {reading !== null && (
        <Working
          what={text('opener.reading')}
          done={reading.done}
          total={reading.total}
          onCancel={reading.stop}
        />
      )}
      <p class="hint">{text('opener.where')}</p>
    </div>
  )
}

function FileDrop(props: { readonly onFile: (file: Blob | null) => Promise<void> }): JSX.Element {
  const over = useWholePageDrop(props.onFile)
  return (
    <div class={over ? 'drop over' : 'drop'}>
      <input
        type="file"
        id="file"
        accept=".html,.htm,text/html"
        onChange={event => {
          void props.onFile(event.currentTarget.files?.[0] ?? null)
          event.currentTarget.value = '' // so that choosing the same file again is a change
        }}
      />
      <label for="file" class="button primary">
        {text('opener.choose')}
      </label>
      <p class="soft">{text(over ? 'opener.dropHere' : 'opener.drop')}</p>
    </div>
  )
}

/** Anything dropped or pasted anywhere on the page counts, and what the installed app was opened with; returns whether something hovers over it. */
function useWholePageDrop(onFile: (file: Blob | null) => Promise<void>): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(onFile)
  latest.current = onFile
  useEffect(() => {
    const ended = new AbortController()
    const on = <K extends keyof DocumentEventMap>(
      name: K,
      listener: (event: DocumentEventMap[K]) => void,
    ): void => document.addEventListener(name, listener, { signal: ended.signal })
    on('dragover', event => {
      event.preventDefault()
      setOver(true)
    })
    on('dragleave', event => setOver(event.relatedTarget !== null))
    on('drop', event => {
      event.preventDefault()
      setOver(false)
      void latest.current(fileIn(event.dataTransfer))
    })
    on('paste', event => void latest.current(fileIn(event.clipboardData)))
    onLaunchedFile(file => void latest.current(file))
    return () => ended.abort()
  }, [])
  return over
}

function Reason(props: {
  readonly reason: PickMessageProps['reason']
  readonly organisation: string
}): JSX.Element {
  switch (props.reason) {
    case 'asked':
      return <p>{text('opener.intro')}</p>
    case 'large':
      return <p>{text('opener.large')}</p>
    case 'share-missing':
      return <p>{text('opener.shareMissing')}</p>
    case 'message-evicted':
      return <p>{text('opener.evicted')}</p>
    case 'message-lost':
      return <p>{text('opener.again')}</p>
    case 'memory':
    case 'storage-blocked':
      return <p>{text('opener.memoryOnly')}</p>
    default:
      return (
        <>
          <Refusal code={props.reason} organisation={props.organisation} />
          <p>{text('opener.intro')}</p>
        </>
      )
  }
}

function Refusal(props: {
  readonly code: OpenRefusal
  readonly organisation: string
}): JSX.Element {
  const key = refusalKey(props.code)
  return (
    <Notice warn>
      <p>
        <strong>{text(key)}</strong>
      </p>
      <p>{text(`${key}-next`, { organisation: props.organisation })}</p>
    </Notice>
  )
}

type RefusalKey = Extract<TextKey, `errors.${OpenRefusal}`>

/** Codes that mean the same to a person share a sentence. */
function refusalKey(code: OpenRefusal): RefusalKey {
  switch (code) {
    case 'not-a-message':
    case 'damaged-message':
    case 'unknown-version':
    case 'too-large':
    case 'share-missing':
    case 'worker-failed':
    case 'wrong-key':
    case 'altered-content':
    case 'bad-signature':
      return `errors.${code}`
    case 'unknown-stanza':
      return 'errors.unknown-version'
    case 'bad-record':
    case 'bad-recipient':
    case 'classical-escrow':
    case 'cannot-unwrap':
      return 'errors.damaged-message'
  }
}
