import type { JSX } from 'preact'
import { linkTarget } from '../../body/link-target.ts'

/** A link that the mail brought: it goes through the page that shows its target; as plain text when it is none. */
export function LeaveLink(props: { readonly href: string; readonly shown?: string }): JSX.Element {
  const { href, shown = href } = props
  const target = linkTarget(href)
  if (target === null || !target.startsWith('/leave#')) return <bdi>{shown}</bdi>
  return (
    <a href={target} target="_blank" rel="noopener noreferrer">
      <bdi>{shown}</bdi>
    </a>
  )
}
