import { utf8 } from './bytes.ts'
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

  /** Everything before the envelope, in pieces that may not be changed: they are those of every mail. */
  head(share: string): readonly Uint8Array[] {
    return fill(this.#head, share)
  }

  /** Everything after the signature, likewise. @param fits whether the form may be posted, or the button is a link. */
  tail(share: string, fits: boolean): readonly Uint8Array[] {
    return fill(fits ? this.#posting : this.#linking, share)
  }
}

function cut(html: string): readonly Uint8Array[] {
  return html.split(SLOT).map(utf8)
}

function fill(pieces: readonly Uint8Array[], share: string): readonly Uint8Array[] {
  const slot = utf8(share)
  return pieces.flatMap((piece, i) => (i === 0 ? [piece] : [slot, piece]))
}
