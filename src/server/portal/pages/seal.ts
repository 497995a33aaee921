import { raw } from 'hono/html'

/** The one ornament, closed. The same outline as src/browser/ui/seal.tsx. */
const WAX =
  'M32 3c4 0 5 3.3 8.5 4.3s6.6-.8 9.3 1.7 1.3 5.7 3.3 8.7 5.1 4.2 5.7 7.8-2.2 5.4-2.2 9 2.4 5.9 1.2 9.3-4.6 3.6-6.9 6.4-1.8 6.1-4.9 8-5.9.1-9.4 1.2S35.5 63 32 62.5s-4.7-3.3-8.1-4.2-6.6.5-9.3-1.7-1.2-5.7-3.3-8.5-5.3-3.9-6-7.4 2.1-5.5 2-9.1-2.6-6.1-1.4-9.5 4.7-3.5 6.9-6.3 1.6-6.2 4.7-8 6-.1 9.4-1.2S28 3 32 3Z'
const MARK = '<circle cx="32" cy="32.5" r="19" stroke-opacity=".55" stroke-width="1.6"/>'
const LETTER = '<path d="M24 25h16L24 40h16" stroke-width="3.6"/>'
const DRAWN = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'

/** Decoration: the heading beside it says what it means. */
export const seal = raw(
  `<svg class="seal" viewBox="0 0 64 66" aria-hidden="true"><path fill="currentColor" d="${WAX}"/>` +
    `<g class="mark" ${DRAWN}>${MARK}${LETTER}</g></svg>`,
)

/** The icon of a tab, a file of its own. */
export const sealIcon =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 66"><path fill="#8c2f28" d="${WAX}"/>` +
  `<g stroke="#fff" ${DRAWN}>${MARK}${LETTER}</g></svg>`
