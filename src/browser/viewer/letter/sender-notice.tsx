import type { JSX } from 'preact'
import { formatList } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import type { SenderCheck, SenderRemarks } from './sender-check.ts'

/** What the message itself says of its sender, where it is not what was verified; nothing for most messages. */
export function SenderNotice(props: {
  readonly remarks: SenderRemarks
  /** The verified one. */
  readonly sender: string
}): JSX.Element {
  const { remarks, sender } = props
  const { check, misleading, onBehalf, replyTo } = remarks
  return (
    <>
      <Warning words={checkWords(check, sender)} />
      <Warning
        words={misleading === '' ? '' : text('message.nameMisleads', { name: misleading, sender })}
      />
      <Warning
        words={
          onBehalf === null
            ? ''
            : text('message.senderDiffers', { inner: formatList(onBehalf), sender })
        }
      />
      {replyTo !== null && (
        <Notice>
          <p>{text('message.replyToDiffers', { address: formatList(replyTo) })}</p>
        </Notice>
      )}
    </>
  )
}

function checkWords(check: SenderCheck, sender: string): string {
  switch (check.kind) {
    case 'differs':
      return text('message.fromDiffers', { inner: formatList(check.inner), sender })
    case 'several':
      return text('message.fromSeveral', { inner: formatList(check.inner), sender })
    case 'unreadable':
      return text('message.fromUnreadable', { sender })
    case 'misleads':
    case 'same':
      return ''
  }
}

function Warning({ words }: { readonly words: string }): JSX.Element | null {
  return words === '' ? null : (
    <Notice warn>
      <p>{words}</p>
    </Notice>
  )
}
