import { loadStatement } from '../../text/speak-statement.ts'
import type { SpokenStatement } from '../../text/speak-statement.ts'
import type { StatementName } from '../../text/read-statement.ts'
import type { PageWriter } from '../page-writer.ts'
import { statementPage } from '../pages/statement-page.ts'
import type { StatementView } from '../pages/statement-view.ts'
import type { Handler, PortalContext } from '../route.ts'
import { statementFacts } from '../statement-facts.ts'
import type { FactNeeds } from '../statement-facts.ts'

export interface StatementNeeds {
  readonly writer: PageWriter
  readonly about: FactNeeds
}

/** `GET /privacy`, `GET /accessibility`; `for` is the organisation whose message led here. @throws StatementError */
export function statementHandler(needs: StatementNeeds, name: StatementName): Handler {
  const { writer } = needs
  const speak = loadStatement(name)
  return async context => {
    const language = writer.languageOf(context)
    const view = await statementView(needs, context, speak(language.tag), `/${name}`)
    return context.html(
      await writer.statementPage(language, statementPage(language, view), view.path),
    )
  }
}

/** What a page at `path` says of a statement, by its query. */
export async function statementView(
  { about }: StatementNeeds,
  context: PortalContext,
  statement: SpokenStatement,
  path: string,
): Promise<StatementView> {
  const wanted = context.req.query('for') ?? null
  const isKnown = about.config.organisations.some(({ id }) => id === wanted)
  return {
    statement,
    facts: statementFacts(about, wanted, await about.keptRows?.()),
    path,
    kept: isKnown ? `&for=${wanted}` : '',
    beside: context.req.query('view') === 'both',
  }
}
