import { buildReply } from '../../../src/browser/composer/sealing/build-reply.ts'
import { newId } from '../../../src/browser/composer/new-id.ts'
import { quoteLetter } from '../../../src/browser/composer/quote/quote-letter.ts'
import type { Letter } from '../../../src/browser/viewer/letter/letter.ts'

/** What a test calls in the page: letters quoted in an answer, as it leaves the browser. */
export interface QuoteHarness {
  /** The HTML of the answers, to letters of one or more pieces; empty where nothing of a letter can be quoted. */
  readonly quote: (
    letters: readonly (readonly string[])[],
    pictures?: Readonly<Record<string, readonly number[]>>,
  ) => Promise<readonly string[]>
  /** In frames that may do anything, as in the worst mail program. */
  readonly show: (htmls: readonly string[]) => Promise<void>
  /** What stands on top of the line that the answer begins with, of each frame. */
  readonly covered: () => readonly boolean[]
  /** How often a script of a letter ran; scripts of letters call `parent.zegelRan()`. */
  ran: number
}

const answer = 'This is what was answered.'

async function quoted(
  pieces: readonly string[],
  pictures: ReadonlyMap<string, Blob>,
): Promise<string> {
  const sections = pieces.map(html => ({ html, text: null }))
  const letter = { sections, inline: pictures } as unknown as Letter
  const quote = await quoteLetter(letter)
  if (quote === null) return ''
  const { parts } = buildReply({
    draft: {
      kind: 'reply',
      submissionId: newId(),
      to: [],
      cc: [],
      copyToWriter: false,
      writerName: '',
      subject: '',
      format: 'html',
      written: '',
      quoted: true,
      files: [],
    },
    offer: { messageId: newId(), conversationId: newId() },
    writer: 'bob@example.org',
    thread: { inReplyTo: null, references: [] },
    locale: 'en',
    quote,
    quoteHead: ['Alice wrote:'],
    written: { html: `<p id="answer">${answer}</p>`, text: answer },
  })
  return (await parts[1]?.text()) ?? ''
}

function frame(html: string): Promise<void> {
  const element = document.createElement('iframe')
  element.srcdoc = html
  const loaded = new Promise<void>(resolve => {
    element.addEventListener('load', () => resolve())
    setTimeout(resolve, 1000) // a frame that navigated away may never load
  })
  document.body.append(element)
  return loaded
}

/** Whether the answer is not seen whole where it stands. */
function isCovered({ contentDocument: page }: HTMLIFrameElement): boolean {
  const line = page?.querySelector('#answer')
  if (line?.textContent !== answer) return true
  const { left, top, width, height } = line.getBoundingClientRect()
  const seen = page?.elementFromPoint(left + width / 2, top + height / 2)
  const { color, opacity } = getComputedStyle(line)
  return seen !== line || height < 10 || color !== 'rgb(0, 0, 0)' || opacity !== '1'
}

const quoting: QuoteHarness = {
  quote: (letters, pictures = {}) => {
    const files = Object.entries(pictures).map(
      ([id, bytes]) => [id, new Blob([Uint8Array.from(bytes)])] as const,
    )
    return Promise.all(letters.map(pieces => quoted(pieces, new Map(files))))
  },
  async show(htmls) {
    document.body.replaceChildren()
    await Promise.all(htmls.map(frame))
    await new Promise(resolve => setTimeout(resolve, 100))
  },
  covered: () => [...document.querySelectorAll('iframe')].map(isCovered),
  ran: 0,
}
Object.assign(globalThis, {
  harness: {},
  quoting,
  zegelRan: () => {
    quoting.ran += 1
  },
})
