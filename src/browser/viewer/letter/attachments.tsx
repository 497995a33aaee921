import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { formatBytes } from '../../ui/format.ts'
import { DownloadIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import { Working } from '../../ui/working.tsx'
import { download } from './download.ts'
import { fileKind, mayRun } from './file-kind.ts'
import type { Attachment } from './letter.ts'

/** The list of attachments, each to be downloaded as it came; nothing is opened here. */
export function Attachments(props: {
  readonly attachments: readonly Attachment[]
  readonly zipName: string
}): JSX.Element | null {
  const { attachments, zipName } = props
  if (attachments.length === 0) return null
  return (
    <section class="attached" aria-labelledby="attachments">
      <h2 id="attachments">{text('message.attachments')}</h2>
      <ul class="files" aria-labelledby="attachments">
        {attachments.map(attachment => (
          <li key={attachment.name}>
            <AttachmentButton attachment={attachment} />
          </li>
        ))}
      </ul>
      <DownloadAll attachments={attachments} zipName={zipName} />
      <Dangerous names={attachments.map(({ name }) => name).filter(mayRun)} />
    </section>
  )
}

/** More names than this would hide the warning in themselves. */
const namedDangers = 3

function Dangerous({ names }: { readonly names: readonly string[] }): JSX.Element | null {
  if (names.length === 0) return null
  const lines =
    names.length > namedDangers
      ? [text('message.dangerousMany', { count: names.length })]
      : names.map(name => text('message.dangerous', { name }))
  return (
    <div class="notice warn">
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}

function AttachmentButton({ attachment }: { readonly attachment: Attachment }): JSX.Element {
  const { name, type, inline, bytes } = attachment
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
        <span class="spoken">{text('message.download')} </span>
        <bdi>{name}</bdi>
        <small>
          {kindWords(name, type)} · {formatBytes(bytes.size)}
          {inline && ` · ${text('message.inText')}`}
        </small>
      </span>
    </button>
  )
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
          {text('message.downloadAll')}{' '}
          <small>{text('message.zip', { size: formatBytes(size) })}</small>
        </span>
      </button>
      {state === 'busy' && <Working what={text('message.packing')} />}
      {state === 'failed' && (
        <Notice warn>
          <p>{text('errors.worker-failed')}</p>
        </Notice>
      )}
    </>
  )
}

function kindWords(name: string, type: string): string {
  const kind = fileKind(name, type)
  switch (kind.kind) {
    case 'message':
      return text('message.attachedMessage')
    case 'calendar':
      return text('message.calendar')
    case 'file':
      return text('message.file')
    case 'ending':
      return kind.ending
  }
}
