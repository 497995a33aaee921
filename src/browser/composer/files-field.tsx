import { useEffect, useRef } from 'preact/hooks'
import type { JSX, RefObject } from 'preact'
import { MAX_REPLY_PARTS } from '../../core/reply/limits.ts'
import { announce } from '../ui/announce.tsx'
import { formatBytes } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { text } from '../ui/text.ts'
import type { Letter } from '../viewer/letter/letter.ts'
import { AttachIcon, CloseIcon } from './composer-icons.tsx'
import { ofOriginal, ownFiles } from './forwarded-files.ts'
import type { Composer, RefusedFile } from './composer.ts'
import type { WritingDesk } from './writing-desk.ts'

interface FilesFieldProps {
  readonly composer: Composer
  readonly letter: Letter | null
  readonly desk: RefObject<WritingDesk | null>
  /** A file hovers over the page. */
  readonly over: boolean
}

/** What goes along: of a forwarded letter by choice, and what is added here. */
export function FilesField({ composer, letter, over }: FilesFieldProps): JSX.Element {
  const picker = useRef<HTMLInputElement>(null)
  const { kind, files } = composer.draft.value
  const originals = kind === 'forward' ? ofOriginal(letter, files) : []
  const { used, max } = composer.room()
  const left = Math.max(0, max - used)
  const remove = (id: string, name: string): void => {
    composer.removeFile(id)
    announce(text('composer.removed', { name }))
    picker.current?.focus()
  }
  return (
    <section class={over ? 'attach over' : 'attach'} aria-labelledby="attach-title">
      <h2 id="attach-title">{text('message.attachments')}</h2>
      {originals.length > 0 && (
        <fieldset>
          <legend>{text('composer.forwardedFiles')}</legend>
          {originals.map(({ attachment, at, file }) => (
            <label class="check" key={at}>
              <input
                type="checkbox"
                checked={file !== null}
                onChange={() => {
                  if (file !== null) composer.removeFile(file.id)
                  else void composer.addOriginal(at)
                }}
              />
              <FileName name={attachment.name} bytes={attachment.bytes.size} />
            </label>
          ))}
        </fieldset>
      )}
      <ul class="taken">
        {ownFiles(originals, files).map(({ id, name, bytes }) => (
          <li key={id}>
            <FileName name={name} bytes={bytes.size} />
            <button
              type="button"
              aria-label={text('composer.remove', { name })}
              onClick={() => remove(id, name)}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ul>
      <Refused refused={composer.refused.value} left={left} />
      <div class="pick">
        <input
          ref={picker}
          type="file"
          id="add-files"
          multiple
          aria-describedby="room"
          onChange={event => {
            void composer.addFiles([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = '' // so that choosing the same file again is a change
          }}
        />
        <label for="add-files" class="button">
          <AttachIcon />
          {text(over ? 'composer.dropHere' : 'composer.addFiles')}
        </label>
        <p class="hint" id="room">
          {text('composer.room', { left: formatBytes(left), max: formatBytes(max) })}
        </p>
      </div>
    </section>
  )
}

function FileName(props: { readonly name: string; readonly bytes: number }): JSX.Element {
  return (
    <span class="file-name">
      <bdi>{props.name}</bdi>{' '}
      <small>
        <bdi>{formatBytes(props.bytes)}</bdi>
      </small>
    </span>
  )
}

/** Each time something is not taken, it is said. */
function Refused(props: {
  readonly refused: readonly RefusedFile[]
  readonly left: number
}): JSX.Element | null {
  const { refused, left } = props
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (refused.length > 0) place.current?.scrollIntoView({ block: 'nearest' })
  }, [refused])
  if (refused.length === 0) return null
  return (
    <div ref={place}>
      <Notice warn>
        {refused.map(({ name, why }, at) => (
          <p key={at}>{refusalWords(why, name, left)}</p>
        ))}
      </Notice>
    </div>
  )
}

function refusalWords(why: RefusedFile['why'], name: string, left: number): string {
  switch (why) {
    case 'too-large':
      return text('composer.fileTooLarge', { name, left: formatBytes(left) })
    case 'too-many':
      return text('composer.fileTooMany', { name, count: MAX_REPLY_PARTS })
    case 'unreadable':
      return text('composer.fileUnreadable', { name })
  }
}
