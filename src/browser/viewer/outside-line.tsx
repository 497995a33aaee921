import type { JSX } from 'preact'
import { text } from '../ui/text.ts'
import type { ReleaseAnswer } from '../../core/api/messages.ts'

export interface OutsideLineProps {
  readonly organisation: string
  /** The address that was verified, once the message is released. */
  readonly address?: string
  readonly writer?: NonNullable<ReleaseAnswer['writer']>
}

/** Of a message that somebody outside wrote in the portal: the organisation passes it on, and says how they proved who they are. */
export function OutsideLine({ organisation, address = '', writer }: OutsideLineProps): JSX.Element {
  const sentence = writer?.method ?? 'outside'
  return <>{text(`replyMail.${sentence}`, { address, organisation })}</>
}
