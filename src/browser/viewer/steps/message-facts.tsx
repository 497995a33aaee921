import type { JSX } from 'preact'
import { formatDay } from '../../ui/format.ts'
import { listComma } from '../../ui/list-comma.ts'
import { text } from '../../ui/text.ts'
import { outside } from '../outside-part.ts'
import { MaskedAddress } from './masked-address.tsx'
import type { DescribeAnswer } from '../../../core/api/messages.ts'
import { RichText } from '../../ui/rich-text.tsx'

/** Recipients named on the first page; a list of hundreds would hide what to do. */
const namedRecipients = 5

/** Who wrote, who vouches for it, for whom, until when. */
export function MessageFacts({
  description,
}: {
  readonly description: DescribeAnswer
}): JSX.Element {
  const { sender, organisation, expiresAtMs, external } = description
  return (
    <ul class="facts">
      {external && (
        <li>
          <outside.Part organisation={organisation.name} />
        </li>
      )}
      {sender.name !== '' && !external && (
        <li>
          <bdi>{sender.address}</bdi>
        </li>
      )}
      <li>{text('reader.sealedBy', { organisation: organisation.name })}</li>
      <li>
        <ForWhom description={description} />
      </li>
      <li>
        {expiresAtMs === null
          ? text('reader.untilNever')
          : text('reader.until', { date: formatDay(expiresAtMs) })}
      </li>
    </ul>
  )
}

function ForWhom({ description }: { readonly description: DescribeAnswer }): JSX.Element {
  const { recipients } = description
  if (recipients.length === 0) return <>{text('reader.forHidden')}</>
  const named = recipients.slice(0, namedRecipients)
  const rest = recipients.length - named.length
  const comma = listComma()
  const list = named.map(({ index, masked }, i) => (
    <span key={index}>
      {i > 0 && comma}
      {/* No line of Chinese or Japanese ends before an isolated address otherwise. */}
      <wbr />
      <MaskedAddress masked={masked} />
    </span>
  ))
  return (
    <>
      <RichText of="reader.forWhom" with={{ recipients: list }} />
      {rest > 0 && ` ${text('reader.more', { count: rest })}`}
    </>
  )
}
