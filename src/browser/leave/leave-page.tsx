import type { JSX } from 'preact'
import { Notice } from '../ui/notice.tsx'
import { text } from '../ui/text.ts'
import { readLeaveTarget } from './leave-target.ts'
import type { LeaveTarget } from './leave-target.ts'

type WebTarget = LeaveTarget & { readonly kind: 'web' }

/** Where the link really goes, before anything is asked of it. */
export function LeavePage({ fragment }: { readonly fragment: string }): JSX.Element {
  const target = readLeaveTarget(fragment)
  if (target === null)
    return (
      <div class="sheet narrow">
        <h1>{text('leave.nothingTitle')}</h1>
        <p>{text('leave.nothing')}</p>
      </div>
    )
  return (
    <div class="sheet narrow">
      <h1>{text('leave.title')}</h1>
      <p class="soft">{text('leave.intro')}</p>
      {target.kind === 'web' ? <WebAddress target={target} /> : <PlainAddress target={target} />}
      <a
        class="button primary"
        href={target.url}
        rel="noopener noreferrer"
        referrerpolicy="no-referrer"
      >
        {goWords(target)}
      </a>
      <p class="hint">{text('leave.stay')}</p>
    </div>
  )
}

/** The host is what counts; the rest of the address is there to be read. */
function WebAddress({ target }: { readonly target: WebTarget }): JSX.Element {
  const { url, host, hostAt, international, hasUser, encrypted } = target
  return (
    <>
      <p class="host">
        <bdi>{host}</bdi>
      </p>
      <p class="address" dir="ltr">
        {url.slice(0, hostAt)}
        <strong>{host}</strong>
        {url.slice(hostAt + host.length)}
      </p>
      {international && (
        <Notice warn>
          <p>{text('leave.punycode', { host })}</p>
        </Notice>
      )}
      {hasUser && (
        <Notice warn>
          <p>{text('leave.user', { host })}</p>
        </Notice>
      )}
      {!encrypted && (
        <Notice warn>
          <p>{text('leave.insecure')}</p>
        </Notice>
      )}
    </>
  )
}

function PlainAddress({
  target,
}: {
  readonly target: Exclude<LeaveTarget, WebTarget>
}): JSX.Element {
  return (
    <>
      <p class="host">
        <bdi>{target.kind === 'mail' ? target.address : target.number}</bdi>
      </p>
      {target.kind === 'mail' && (
        <Notice warn>
          <p>{text('leave.mailWarning')}</p>
        </Notice>
      )}
    </>
  )
}

function goWords(target: LeaveTarget): string {
  switch (target.kind) {
    case 'web':
      return text('leave.go', { host: target.host })
    case 'mail':
      return text('leave.goMail', { address: target.address })
    case 'call':
      return text('leave.goCall', { number: target.number })
  }
}
