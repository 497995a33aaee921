import { startOfQuote } from '../mail/quotes/quote-start.ts'
import { foldQuote } from './fold-quote.ts'

/** How older messages are folded; loaded only for letters that seem to hold some. */
export interface Folds {
  readonly foldQuote: typeof foldQuote
  readonly startOfQuote: typeof startOfQuote
}

export const folds: Folds = { foldQuote, startOfQuote }
