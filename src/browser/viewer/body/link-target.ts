/** Schemes of links that a message may have; others are no links. */
const linkSchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:'])

/**
 * Where a link of a message leads on the page: to `/leave#URL`, which shows the target before
 * anything is asked of it; `about:srcdoc#…` for a place within the message; null for no link at all.
 */
export function linkTarget(href: string): string | null {
  const trimmed = stripControls(href)
  if (trimmed.startsWith('#')) return `about:srcdoc${trimmed}`
  const target = realTarget(href)
  return target === null ? null : `/leave#${target}`
}

/** Where a link of a message really leads; null for a place within it and for no link at all. */
export function realTarget(href: string): string | null {
  const trimmed = stripControls(href)
  const url = parseUrl(trimmed.startsWith('//') ? `https:${trimmed}` : trimmed)
  return url === null || !linkSchemes.has(url.protocol) ? null : url.href
}

/** As the URL standard does before it reads a scheme: line ends and tabs anywhere, blanks around. */
function stripControls(href: string): string {
  return href.replaceAll(/[\t\r\n]/g, '').trim()
}

/** Null when relative: a mail has no base to be relative to. */
function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
