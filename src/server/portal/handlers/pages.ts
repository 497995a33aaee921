import type { PageWriter, ScriptPageOptions } from '../page-writer.ts'
import { homePage } from '../pages/text-pages.ts'
import type { TextPage } from '../pages/text-pages.ts'
import type { PageLanguage } from '../pages/page-words.ts'
import type { Handler } from '../route.ts'

/** `GET /read`, `GET /open`, `GET /leave`: pages that a script fills. */
export function scriptPageHandler(writer: PageWriter, page: ScriptPageOptions['page']): Handler {
  return async context =>
    context.html(await writer.scriptPage(writer.languageOf(context), { page }))
}

/** `GET /` */
export function homeHandler(writer: PageWriter): Handler {
  return textHandler(writer, language => homePage(language, writer.brand, writer.host))
}

function textHandler(writer: PageWriter, write: (language: PageLanguage) => TextPage): Handler {
  return async context => {
    const language = writer.languageOf(context)
    return context.html(await writer.textPage(language, write(language), context.req.path))
  }
}
