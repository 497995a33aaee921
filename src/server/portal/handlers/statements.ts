import { loadStatement } from '../../text/speak-statement.ts'
import type { StatementName } from '../../text/read-statement.ts'
import type { PageWriter } from '../page-writer.ts'
import { statementPage } from '../pages/statement-page.ts'
import type { Handler } from '../route.ts'
import { statementFacts } from '../statement-facts.ts'
import type { FactNeeds } from '../statement-facts.ts'

export interface StatementNeeds {
  readonly writer: PageWriter
  readonly about: FactNeeds
}

/** `GET /privacy`, `GET /accessibility`; `for` is the organisation whose message led here. @throws StatementError */
export function statementHandler({ writer, about }: StatementNeeds, name: StatementName): Handler {
  const speak = loadStatement(name)
  return async context => {
    const language = writer.languageOf(context)
    const wanted = context.req.query('for') ?? null
    const facts = statementFacts(about, wanted)
    const isKnown = about.config.organisations.some(({ id }) => id === wanted)
    const page = statementPage(language, {
      statement: speak(language.tag),
      facts,
      path: `/${name}`,
      kept: isKnown ? `&for=${wanted}` : '',
      beside: context.req.query('view') === 'both',
    })
    return context.html(await writer.statementPage(language, page, `/${name}`))
  }
}
