import type { JSX } from 'preact'
import { formatList } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import type { RemoteCounts, RemoteKind } from '../body/remote-items.ts'

/** In the order in which they are said. */
const kinds: readonly RemoteKind[] = [
  'picture',
  'tracker',
  'style',
  'font',
  'media',
  'page',
  'other',
]

/** What was kept out of a message, and why. */
export function RemoteNotice({ counts }: { readonly counts: RemoteCounts }): JSX.Element {
  const found = kinds.flatMap(kind => {
    const count = counts[kind] ?? 0
    return count === 0 ? [] : [{ kind, count }]
  })
  const words = found.map(({ kind, count }) => text(`attached.remote-${kind}`, { count }))
  const count = found.reduce((sum, one) => sum + one.count, 0)
  return (
    <Notice>
      <p>{text('attached.remote', { count, kinds: formatList(words) })}</p>
    </Notice>
  )
}
