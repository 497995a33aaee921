/** Longer ones are no address that anybody types. Characters. */
const maxLength = 2000

/** What a person may call an address of the web or of a mailbox, as a link leads there; null for anything else. */
export function linkAddress(typed: string): string | null {
  const words = typed.trim()
  if (words === '' || words.length > maxLength || /\s/.test(words)) return null
  if (/^[^@/:]+@[^@/:]+\.[^@/:.]+$/.test(words)) return `mailto:${words}`
  const address = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(words) ? words : `https://${words}`
  if (!URL.canParse(address)) return null
  const { protocol, hostname, href, pathname } = new URL(address)
  if (protocol === 'mailto:') return pathname.includes('@') ? href : null
  return /^https?:$/.test(protocol) && hostname.includes('.') ? href : null
}
