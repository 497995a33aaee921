import { concat, utf8 } from './bytes.ts'
import type { MessagePage } from './message-page.ts'
import { pageHead, pageTail } from './render-page.ts'

/** Stands for the share while a page is rendered; no escaped text holds it. */
const SLOT = '\u0000'

/** A page of message.html, rendered once for all mails that differ in nothing but their share. */
export class PageTemplate {
  readonly #head: readonly Uint8Array[]
  readonly #posting: readonly Uint8Array[]
  readonly #linking: readonly Uint8Array[]

  constructor(page: MessagePage) {
    this.#head = cut(pageHead(page, SLOT))
    this.#posting = cut(pageTail(page, SLOT, true))
    this.#linking = cut(pageTail(page, SLOT, false))
  }

  /** Everything before the envelope. */
  head(share: string): Uint8Array {
    return fill(this.#head, share)
  }

  /** Everything after the signature. @param fits whether the form may be posted, or the button is a link. */
  tail(share: string, fits: boolean): Uint8Array {
    return fill(fits ? this.#posting : this.#linking, share)
  }
}

function cut(html: string): readonly Uint8Array[] {
  return html.split(SLOT).map(utf8)
}

function fill(pieces: readonly Uint8Array[], share: string): Uint8Array {
  const slot = utf8(share)
  return concat(...pieces.flatMap((piece, i) => (i === 0 ? [piece] : [slot, piece])))
}
