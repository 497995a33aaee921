/**
 * Where quoted text is in HTML, as CSS selectors for the message frame's own style sheet: quotes are folded by a rule
 * in the frame's head, so what the sanitiser gave is never edited (threats.md). All work on sanitised HTML.
 */

/** Elements that are a quote as a whole. */
export const QUOTE_BLOCKS: readonly string[] = []

/** Elements with which a quote begins that goes on with every following sibling: `x, x ~ *`. */
export const QUOTE_STARTS: readonly string[] = []
