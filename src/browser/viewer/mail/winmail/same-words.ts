import { MAX_COMPARED_LENGTH } from '../limits.ts'

/** Whether HTML says with its tags what a text says without: the same letters and digits in the same order. */
export function hasSameWords(text: string, html: string): boolean {
  if (html.length > MAX_COMPARED_LENGTH || text.length > MAX_COMPARED_LENGTH) return false
  const letters = lettersOf(text)
  return letters !== '' && letters === lettersOf(wordsOf(html))
}

function lettersOf(text: string): string {
  return text.normalize('NFC').replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** What is between the tags. Only to compare: what it gets wrong makes the words differ. */
function wordsOf(html: string): string {
  const words: string[] = []
  let at = 0
  while (at < html.length) {
    const tag = html.indexOf('<', at)
    if (tag < 0) break
    words.push(html.slice(at, tag))
    at = endOfTag(html, tag)
  }
  words.push(html.slice(at))
  return words.join('').replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|\w{1,10});/gi, characterOf)
}

/** Comments, styles and titles are skipped whole. */
function endOfTag(html: string, tag: number): number {
  const head = html.slice(tag, tag + 9).toLowerCase()
  const name = /^<(style|title|script)\b/.exec(head)?.[1]
  const close = head.startsWith('<!--') ? '-->' : name === undefined ? '>' : `</${name}>`
  const end = html.indexOf(close, tag)
  return end < 0 ? html.length : end + close.length
}

/** Those that are letters have numbers in what Outlook writes. */
function characterOf(_whole: string, decimal?: string, hex?: string): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '20', 16) : Number(decimal)
  return code > 0x10ffff ? ' ' : String.fromCodePoint(code)
}
