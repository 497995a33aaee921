import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { text } from '../../ui/text.ts'
import { download } from './download.ts'

/** Hands out the mail as it was sent. */
export function Original(props: {
  readonly mail: Blob
  readonly name: string
  readonly primary?: boolean
}): JSX.Element {
  const { mail, name } = props
  return (
    <button
      type="button"
      class={props.primary === true ? 'primary' : 'quiet small original'}
      onClick={() => {
        download(mail, name)
        announce(text('message.downloaded', { name }))
      }}
    >
      {text('message.downloadOriginal')}
    </button>
  )
}
