const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text as it may stand in HTML content and quoted attributes, in ASCII alone (7bit on the way).
 * Characters that HTML cannot hold become U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, character => NAMED[character] ?? '')
    .replaceAll(/[\u0080-\u{10ffff}]/gu, character => `&#${character.codePointAt(0) ?? 0xfffd};`)
}
