import { shownLine } from '../viewer/mail/shown-text.ts'

/** Where a link of a message goes, as a person can check it. */
export type LeaveTarget =
  | {
      readonly kind: 'web'
      /** As it is asked for: in plain letters (punycode). */
      readonly url: string
      readonly host: string
      /** Where the host stands in `url`; what stands before it may spell it too. */
      readonly hostAt: number
      /** Written with letters beyond ASCII, some of which look like others. */
      readonly international: boolean
      /** What stands before an `@` to look like a site. */
      readonly hasUser: boolean
      readonly encrypted: boolean
    }
  | { readonly kind: 'mail'; readonly url: string; readonly address: string }
  | { readonly kind: 'call'; readonly url: string; readonly number: string }

/** @param fragment `#URL` of the page's address; null when it holds no link that a message may have */
export function readLeaveTarget(fragment: string): LeaveTarget | null {
  const text = fragment.replace(/^#/, '')
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return webTarget(url)
    case 'mailto:':
      return url.pathname === ''
        ? null
        : { kind: 'mail', url: url.href, address: readable(url.pathname) }
    case 'tel:':
    case 'sms:':
      return { kind: 'call', url: url.href, number: readable(url.pathname) }
    default:
      return null
  }
}

function webTarget(url: URL): LeaveTarget {
  return {
    kind: 'web',
    url: url.href,
    host: url.host,
    hostAt: hostAt(url.href),
    international: /(?:^|\.)xn--/.test(url.hostname),
    hasUser: url.username !== '' || url.password !== '',
    encrypted: url.protocol === 'https:',
  }
}

/** After `//` and, in the authority, the last `@`. */
function hostAt(href: string): number {
  const start = href.indexOf('//') + 2
  const authority = href.slice(start).replace(/[/?#].*$/s, '')
  return start + authority.lastIndexOf('@') + 1
}

/** Also characters that hide or turn others are shown, by their number. */
function readable(text: string): string {
  return shownLine(decode(text))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded
  }
}
