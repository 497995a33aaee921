import { html } from 'hono/html'
import type { Html } from './page-frame.ts'

/** Absolute web addresses; what closes a sentence is not part of them. */
const WEB_ADDRESS = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/

/** Plain text in which web addresses can be followed. */
export const textWithLinks = (text: string): Html[] =>
  text
    .split(WEB_ADDRESS)
    .map((piece, index) =>
      index % 2 === 1 && URL.canParse(piece)
        ? html`<a href="${piece}" target="_blank" rel="noopener noreferrer">${piece}</a>`
        : html`${piece}`,
    )
