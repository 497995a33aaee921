import type { SpokenStatement } from '../../text/speak-statement.ts'
import type { StatementFacts } from '../statement-facts.ts'
import type { Markup } from './document.ts'

/** What a page shows of a statement, and how. */
export interface StatementView {
  readonly statement: SpokenStatement
  readonly facts: StatementFacts
  readonly path: string
  /** Further parts of the query that stay: `&for=example`, or empty. */
  readonly kept: string
  /** Both languages side by side. */
  readonly beside: boolean
}

/** A text with its places filled, in the language of `tag`. */
export type FillPlaces = (text: string, tag: string) => Markup
