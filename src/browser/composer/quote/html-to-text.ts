/** What is needed of a DOM node. */
export interface TextNode {
  readonly nodeType: number
  /** In capitals for HTML. */
  readonly nodeName: string
  readonly nodeValue: string | null
  readonly childNodes: ArrayLike<TextNode>
  readonly getAttribute?: (name: string) => string | null
}

const elementType = 1
const textType = 3

const blocks =
  /^(?:ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|CENTER|DD|DETAILS|DIV|DL|DT|FIGURE|FOOTER|H[1-6]|HEADER|HR|LI|MAIN|NAV|OL|P|PRE|SECTION|SUMMARY|TABLE|TR|UL)$/
/** An empty line stands around these. */
const apart = /^(?:BLOCKQUOTE|DL|H[1-6]|OL|P|PRE|TABLE|UL)$/
const unread = /^(?:SCRIPT|STYLE|TEMPLATE|TITLE)$/
/** Deeper elements are read as if they stood here: bounds the marks before a line. */
const maxMarks = 20

/** Where a text is being written: the marks that its lines begin with, as `> `. */
interface Place {
  readonly marks: readonly string[]
  readonly isPre: boolean
}

/**
 * The text of HTML as mail programs write it: quotes with `> `, lists with marks, the target of a link behind its words.
 * Line ends are LF; no line ends in a blank.
 */
export function htmlToText(root: TextNode): string {
  const writer = new TextWriter()
  writer.children(root, { marks: [], isPre: false })
  return writer.finish()
}

class TextWriter {
  readonly #lines: string[] = []
  #line = ''
  #marks = ''
  /** Empty lines that are due before the next words. */
  #gap = 0

  children(node: TextNode, place: Place): void {
    let number = 0
    for (const child of Array.from(node.childNodes)) {
      if (child.nodeName === 'LI') number += 1
      this.#node(child, place, node.nodeName === 'OL' ? `${number}. ` : '- ')
    }
  }

  finish(): string {
    this.#endLine()
    return this.#lines
      .join('\n')
      .replaceAll(/[ \t]+$/gm, '')
      .trimEnd()
  }

  #node(node: TextNode, place: Place, itemMark: string): void {
    if (node.nodeType === textType) this.#words(node.nodeValue ?? '', place)
    if (node.nodeType !== elementType || unread.test(node.nodeName)) return
    if (node.nodeName === 'BR') this.#break(place)
    else if (node.nodeName === 'IMG') this.#words(altOf(node), place)
    else if (node.nodeName === 'A') this.#link(node, place)
    else if (blocks.test(node.nodeName)) this.#block(node, place, itemMark)
    else this.children(node, place)
    if (/^T[DH]$/.test(node.nodeName)) this.#words('\t', { ...place, isPre: true })
  }

  #link(node: TextNode, place: Place): void {
    const before = this.#written()
    this.children(node, place)
    const target = node.getAttribute?.('href') ?? ''
    const words = this.#written().slice(before.length)
    if (/^https?:|^mailto:/i.test(target) && !saysTarget(words, target))
      this.#words(` <${target.replace(/^mailto:/i, '')}>`, place)
  }

  #block(node: TextNode, place: Place, itemMark: string): void {
    const { nodeName: name } = node
    this.#endLine()
    if (apart.test(name) && this.#lines.length > 0) this.#gap = 1
    if (name === 'HR') return (this.#words('--------', place), this.#endLine())
    const marks = place.marks.slice(0, maxMarks)
    if (name === 'BLOCKQUOTE') this.children(node, { ...place, marks: [...marks, '> '] })
    else if (name === 'LI') this.#item(node, { ...place, marks }, itemMark)
    else this.children(node, { ...place, marks, isPre: place.isPre || name === 'PRE' })
    this.#endLine()
    if (apart.test(name)) this.#gap = 1
  }

  /** The mark once, its further lines as far in. */
  #item(node: TextNode, place: Place, mark: string): void {
    this.#begin(place.marks)
    this.#line = mark
    this.children(node, { ...place, marks: [...place.marks, ' '.repeat(mark.length)] })
  }

  #break({ marks }: Place): void {
    this.#begin(marks)
    this.#push()
  }

  #words(words: string, place: Place): void {
    if (place.isPre && words.includes('\n')) {
      const [first = '', ...rest] = words.split('\n')
      this.#words(first, place)
      for (const line of rest) {
        this.#break(place)
        this.#words(line, place)
      }
      return
    }
    const plain = place.isPre ? words : words.replaceAll(/[ \t\r\n\f]+/g, ' ')
    const added =
      !place.isPre && (this.#line === '' || this.#line.endsWith(' ')) ? plain.trimStart() : plain
    if (added === '') return
    this.#begin(place.marks)
    this.#line += added.replaceAll('\u00a0', ' ')
  }

  #begin(marks: readonly string[]): void {
    if (this.#line !== '') return
    const prefix = marks.join('')
    for (; this.#gap > 0; this.#gap--) this.#lines.push(common(this.#marks, prefix))
    this.#marks = prefix
  }

  #endLine(): void {
    if (this.#line.trim() !== '') this.#push()
    this.#line = ''
  }

  #push(): void {
    this.#lines.push(this.#marks + this.#line)
    this.#line = ''
  }

  #written(): string {
    return this.#line
  }
}

/** Between two quotes of one depth an empty line is quoted too. */
function common(before: string, after: string): string {
  let at = 0
  while (at < before.length && before[at] === after[at]) at++
  return before.slice(0, at)
}

function altOf(node: TextNode): string {
  const alt = (node.getAttribute?.('alt') ?? '').trim()
  return alt === '' ? '' : `[${alt}]`
}

function saysTarget(words: string, target: string): boolean {
  const plain = (text: string): string =>
    text
      .trim()
      .replace(/^(?:https?:\/\/|mailto:)/i, '')
      .replace(/\/$/, '')
  return plain(words) === plain(target)
}
