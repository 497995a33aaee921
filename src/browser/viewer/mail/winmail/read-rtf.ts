import { decodeCharset } from '../charset.ts'
import { MAX_RTF_DEPTH } from '../limits.ts'
import { charsetOfCodePage } from './code-page.ts'
import type { RtfToken } from './rtf-tokens.ts'
import { rtfTokens } from './rtf-tokens.ts'

/** What an RTF text says. HTML is unsafe, as that of any mail. */
export type RtfContent =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'text'; readonly text: string }

/** The HTML that Outlook wrapped in RTF (MS-OXRTFEX), else the words of the text. Never throws. */
export function readRtf(bytes: Uint8Array): RtfContent {
  const reader = new RtfReader()
  for (const token of rtfTokens(bytes)) reader.read(token)
  return reader.result()
}

/** What a group may change, and its end changes back. */
interface GroupState {
  /** Nothing in here is text. */
  readonly skipped: boolean
  /** Is the list of fonts. */
  readonly fonts: boolean
  /** HTML as it stands (MS-OXRTFEX §2.1.3.1). */
  readonly tag: boolean
  /** Only for readers of RTF (MS-OXRTFEX §2.1.3.2). */
  readonly hidden: boolean
  /** How many characters stand for one in Unicode. */
  readonly standIns: number
  readonly charset: string | null
  /** The next word tells what kind of group it is; `\*` before it that it may be skipped. */
  readonly fresh: boolean
  readonly optional: boolean
}

const START: GroupState = {
  skipped: false,
  fonts: false,
  tag: false,
  hidden: false,
  standIns: 1,
  charset: null,
  fresh: false,
  optional: false,
}

/** Groups that hold no text of the message, besides those that `\*` marks. */
const SKIPPED = new Set(
  (
    'colortbl stylesheet info pict nonshppict object filetbl listtables revtbl header headerl headerr headerf ' +
    'footer footerl footerr footerf mhtmltag'
  ).split(' '),
)

/** Words that are characters. */
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['par', '\n'],
  ['line', '\n'],
  ['sect', '\n'],
  ['page', '\n'],
  ['row', '\n'],
  ['cell', '\t'],
  ['tab', '\t'],
  ['lquote', '\u2018'],
  ['rquote', '\u2019'],
  ['ldblquote', '\u201c'],
  ['rdblquote', '\u201d'],
  ['bullet', '\u2022'],
  ['endash', '\u2013'],
  ['emdash', '\u2014'],
  ['enspace', '\u2002'],
  ['emspace', '\u2003'],
  ['~', '\u00a0'],
  ['-', '\u00ad'],
  ['_', '\u2011'],
])

/** Charsets of fonts by number (RTF 1.9.1, "Font Table"). */
const FONT_CODE_PAGES: ReadonlyMap<number, number> = new Map([
  [0, 1252],
  [77, 10_000],
  [128, 932],
  [129, 949],
  [134, 936],
  [136, 950],
  [161, 1253],
  [162, 1254],
  [163, 1258],
  [177, 1255],
  [178, 1256],
  [186, 1257],
  [204, 1251],
  [222, 874],
  [238, 1250],
])

class RtfReader {
  readonly #output: string[] = []
  readonly #stack: GroupState[] = []
  readonly #fonts = new Map<number, string>()
  #state: GroupState = START
  /** Groups that are too deep to be remembered. */
  #deeper = 0
  #charset: string | null = 'windows-1252'
  #isHtml = false
  /** Of text that waits for the rest of its character. */
  #bytes: number[] = []
  #standIns = 0
  #font = 0

  read(token: RtfToken): void {
    if (token.kind === 'open') this.#open()
    else if (token.kind === 'close') this.#close()
    else if (token.kind === 'byte') this.#byte(token.byte)
    else this.#word(token.word, token.number)
  }

  result(): RtfContent {
    this.#flush()
    const whole = this.#output.join('')
    return this.#isHtml ? { kind: 'html', html: whole } : { kind: 'text', text: whole }
  }

  #open(): void {
    this.#flush()
    if (this.#stack.length >= MAX_RTF_DEPTH) this.#deeper++
    else this.#stack.push(this.#state)
    this.#state = { ...this.#state, fresh: true, optional: false }
  }

  #close(): void {
    this.#flush()
    this.#standIns = 0
    if (this.#deeper > 0) this.#deeper--
    else this.#state = this.#stack.pop() ?? START
  }

  #byte(byte: number): void {
    if (this.#standIns > 0) {
      this.#standIns--
      return
    }
    if (this.#state.fresh) this.#change({ fresh: false })
    if (this.#isShown()) this.#bytes.push(byte)
  }

  #word(word: string, number: number | null): void {
    if (word === '*') return this.#change({ optional: true })
    if (this.#state.fresh) this.#begin(word)
    const character = CHARACTERS.get(word)
    if (character !== undefined) return this.#character(character)
    switch (word) {
      case 'u':
        return this.#unicode(number ?? 0)
      case 'uc':
        return this.#change({ standIns: Math.max(0, number ?? 1) })
      case 'htmlrtf':
        return this.#change({ hidden: number !== 0 })
      case 'fromhtml':
        this.#isHtml ||= number !== 0 && this.#output.length === 0
        return undefined
      case 'ansicpg':
        this.#charset = charsetOfCodePage(number) ?? this.#charset
        return undefined
      case 'f':
        return this.#useFont(number ?? 0)
      case 'fcharset':
        return this.#nameFont(number ?? 0)
      default:
        return undefined
    }
  }

  /** The first word of a group. */
  #begin(word: string): void {
    const tag = word === 'htmltag'
    const fonts = word === 'fonttbl'
    const skipped = fonts || SKIPPED.has(word) || (this.#state.optional && !tag)
    this.#change({
      fresh: false,
      tag: this.#state.tag || tag,
      fonts: this.#state.fonts || fonts,
      skipped: this.#state.skipped || skipped,
    })
  }

  #change(changes: Partial<GroupState>): void {
    this.#flush()
    this.#state = { ...this.#state, ...changes }
  }

  /** Text between the tags of wrapped HTML is text of it (MS-OXRTFEX §3.1). */
  #isShown(): boolean {
    const { skipped, hidden, tag } = this.#state
    return !skipped && (tag || !hidden)
  }

  #character(text: string): void {
    this.#flush()
    if (this.#standIns > 0) this.#standIns--
    else if (this.#isShown()) this.#write(text)
  }

  #unicode(number: number): void {
    this.#flush()
    if (this.#isShown()) this.#write(String.fromCharCode(number & 0xffff))
    this.#standIns = this.#state.standIns
  }

  #useFont(number: number): void {
    this.#font = number
    if (!this.#state.fonts) this.#change({ charset: this.#fonts.get(number) ?? null })
  }

  #nameFont(number: number): void {
    const charset = charsetOfCodePage(FONT_CODE_PAGES.get(number) ?? 0)
    if (this.#state.fonts && charset !== null && number !== 0) this.#fonts.set(this.#font, charset)
  }

  #flush(): void {
    if (this.#bytes.length === 0) return
    const bytes = Uint8Array.from(this.#bytes)
    this.#bytes = []
    this.#write(decodeCharset(bytes, this.#state.charset ?? this.#charset).text)
  }

  #write(text: string): void {
    this.#output.push(this.#isHtml && !this.#state.tag ? withoutTags(text) : text)
  }
}

/** Characters stay what they are: a half of one comes alone. */
function withoutTags(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
