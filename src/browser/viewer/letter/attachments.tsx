import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { formatBytes } from '../../ui/format.ts'
import { DownloadIcon } from '../../ui/icons.tsx'
import { lazyPart } from '../../ui/lazy.tsx'
import { Notice } from '../../ui/notice.tsx'
import { addText, isolate, text } from '../../ui/text.ts'
import { Working } from '../../ui/working.tsx'
import { download } from './download.ts'
import { fileKind, mayRun } from './file-kind.ts'
import { canPlay, previewKind } from './preview/preview-kind.ts'
import type { Attachment, Letter } from './letter.ts'
import type { Previewed } from './preview/preview-dialog.tsx'

const preview = lazyPart(async () => (await import('./preview/preview-dialog.tsx')).PreviewDialog)

const cards = lazyPart(async () => {
  const [{ AttachedCards }] = await Promise.all([
    import('./cards/attached-cards.tsx'),
    addText('cards'),
  ])
  return AttachedCards
})

/** Below more of them nobody finds the button for all: it stands above. */
const manyFiles = 8

/** The list of attachments, each to be downloaded as it came; some can be looked at in an inert frame. */
export function Attachments(props: {
  readonly letter: Letter
  readonly zipName: string
  readonly onOpen: ((attachment: number) => void) | null
}): JSX.Element {
  const { letter, zipName, onOpen } = props
  const { attachments } = letter
  const [previewed, setPreviewed] = useState<Previewed | null>(null)
  const isMany = attachments.length > manyFiles
  const all = <DownloadAll attachments={attachments} zipName={zipName} />
  const isCard = attachments.some(({ content }) => isCardKind(content?.kind))
  return (
    <>
      {isMany && all}
      <FileList attachments={attachments} onOpen={onOpen} onPreview={setPreviewed} />
      {!isMany && all}
      <Dangerous names={attachments.map(({ name }) => name).filter(mayRun)} />
      {isCard && <cards.Part letter={letter} />}
      {previewed !== null && (
        <preview.Part previewed={previewed} onClosed={() => setPreviewed(null)} />
      )}
    </>
  )
}

/** Files that are listed at once: 10,000 would keep the page busy for seconds. */
const listedAtOnce = 100

/** All files; of more than some, the rest is listed on demand, a page of them at a time. */
function FileList(props: {
  readonly attachments: readonly Attachment[]
  readonly onOpen: ((attachment: number) => void) | null
  readonly onPreview: (previewed: Previewed) => void
}): JSX.Element {
  const { attachments, onOpen, onPreview } = props
  const [listed, setListed] = useState(listedAtOnce)
  const list = useRef<HTMLUListElement>(null)
  const rest = attachments.length - listed
  useEffect(() => {
    // The first of the new ones: the button that was pressed may be gone.
    if (listed > listedAtOnce)
      list.current?.children[listed - listedAtOnce]?.querySelector('button')?.focus()
  }, [listed])
  return (
    <>
      <ul class="files" aria-labelledby="attachments" ref={list}>
        {attachments.slice(0, listed).map((attachment, place) => (
          <li key={attachment.name}>
            <AttachmentButton attachment={attachment} />
            <MoreButton
              attachment={attachment}
              onOpen={onOpen === null ? null : () => onOpen(place)}
              onPreview={onPreview}
            />
            <FileNote attachment={attachment} canOpen={onOpen !== null} />
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" class="quiet small" onClick={() => setListed(listed + listedAtOnce)}>
          {text('message.more', { count: rest })}
        </button>
      )}
    </>
  )
}

function isCardKind(kind: string | undefined): boolean {
  return kind === 'calendar' || kind === 'contacts'
}

/** More names than this would hide the warning in themselves. */
const namedDangers = 3

function Dangerous({ names }: { readonly names: readonly string[] }): JSX.Element | null {
  if (names.length === 0) return null
  const lines =
    names.length > namedDangers
      ? [text('attached.dangerousMany', { count: names.length })]
      : names.map(name => text('attached.dangerous', { name }))
  return (
    <div class="notice warn">
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}

function AttachmentButton({ attachment }: { readonly attachment: Attachment }): JSX.Element {
  const { name, inline, unpackedFrom, bytes } = attachment
  return (
    <button
      type="button"
      onClick={() => {
        download(bytes, name)
        announce(text('message.downloaded', { name }))
      }}
    >
      <DownloadIcon />
      <span>
        <span class="spoken">{text('attached.download')} </span>
        <bdi>{name}</bdi>
        <small>
          {isolate(kindWords(attachment))} · {formatBytes(bytes.size)}
          {inline && ` · ${text('attached.inText')}`}
          {unpackedFrom !== null && ` · ${text('attached.unpackedFrom', { name: unpackedFrom })}`}
        </small>
      </span>
    </button>
  )
}

/** What else can be done with a file than to save it. */
function MoreButton(props: {
  readonly attachment: Attachment
  readonly onOpen: (() => void) | null
  readonly onPreview: (previewed: Previewed) => void
}): JSX.Element | null {
  const { attachment, onOpen, onPreview } = props
  const { name, type, bytes, content } = attachment
  if (content?.kind === 'message')
    return onOpen === null ? null : (
      <Small words={text('attached.open')} name={name} onClick={onOpen} />
    )
  if (isCardKind(content?.kind)) return null // drawn below
  const kind = previewKind({ name, type, size: bytes.size }, canPlay)
  if (kind === null) return null
  return (
    <Small
      words={text('attached.preview')}
      name={name}
      onClick={() => onPreview({ attachment, kind })}
    />
  )
}

function Small(props: {
  readonly words: string
  readonly name: string
  readonly onClick: () => void
}): JSX.Element {
  return (
    <button
      type="button"
      class="more-of-file"
      aria-label={`${props.words} ${props.name}`}
      onClick={props.onClick}
    >
      {props.words}
    </button>
  )
}

function FileNote(props: {
  readonly attachment: Attachment
  readonly canOpen: boolean
}): JSX.Element | null {
  const words = noteWords(props.attachment, props.canOpen)
  return words === '' ? null : <p class="soft small">{words}</p>
}

function noteWords({ content }: Attachment, canOpen: boolean): string {
  switch (content?.kind) {
    case 'winmail': {
      const damaged = content.damaged ? ` ${text('attached.winmailDamaged')}` : ''
      return text('attached.winmail', { count: content.files }) + damaged
    }
    case 'partial':
      return text('attached.partial', { number: content.number ?? 0, total: content.total ?? 0 })
    case 'external':
      return text('attached.external', { where: content.where })
    case 'message':
      return canOpen ? '' : text('attached.tooDeep')
    case 'calendar':
    case 'contacts':
    case undefined:
      return ''
  }
}

function DownloadAll(props: {
  readonly attachments: readonly Attachment[]
  readonly zipName: string
}): JSX.Element {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const size = props.attachments.reduce((sum, { bytes }) => sum + bytes.size, 0)
  const pack = async (): Promise<void> => {
    if (state === 'busy') return
    setState('busy')
    const { downloadAll } = await import('./download-all.ts')
    await downloadAll(props.attachments, props.zipName)
    announce(text('message.downloaded', { name: props.zipName }))
    setState('idle')
  }
  return (
    <>
      <button type="button" class="all" onClick={() => void pack().catch(() => setState('failed'))}>
        <DownloadIcon />
        <span>
          {text('attached.downloadAll')}{' '}
          <small>{text('attached.zip', { size: formatBytes(size) })}</small>
        </span>
      </button>
      {state === 'busy' && <Working what={text('attached.packing')} />}
      {state === 'failed' && (
        <Notice warn>
          <p>{text('errors.worker-failed')}</p>
        </Notice>
      )}
    </>
  )
}

function kindWords({ name, type, content }: Attachment): string {
  const kind = content?.kind === 'message' ? { kind: content.kind } : fileKind(name, type)
  switch (kind.kind) {
    case 'message':
      return text('attached.attachedMessage')
    case 'calendar':
      return text('attached.calendar')
    case 'file':
      return text('attached.file')
    case 'ending':
      return kind.ending
  }
}
