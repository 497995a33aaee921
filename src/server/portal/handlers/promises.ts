import { loadStatement } from '../../text/speak-statement.ts'
import { promisesPage } from '../pages/promises-page.ts'
import type { PromiseResults } from '../promises/promise-results.ts'
import type { Handler } from '../route.ts'
import { statementView } from './statements.ts'
import type { StatementNeeds } from './statements.ts'

export interface PromisesNeeds extends StatementNeeds {
  /** Of this version; null or left out when it was not tested. */
  readonly promiseResults?: PromiseResults | null | undefined
}

/** `GET /promises`; `for` as of `/privacy`. @throws StatementError */
export function promisesHandler(needs: PromisesNeeds): Handler {
  const speak = loadStatement('privacy')
  return async context => {
    const language = needs.writer.languageOf(context)
    const view = await statementView(needs, context, speak(language.tag), '/promises')
    const page = promisesPage(language, { ...view, beside: false }, needs.promiseResults ?? null)
    return context.html(await needs.writer.statementPage(language, page, '/promises'))
  }
}
