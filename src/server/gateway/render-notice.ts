import { escapeHtml } from '../../core/envelope/escape-html.ts'
import type { MessagePage } from '../../core/envelope/message-page.ts'
import type { MailWords } from './notice.ts'

/** The notice as plain text; lines are not wrapped. */
export function noticeText(words: readonly MailWords[]): string {
  return words.map(textIn).join('\n\n* * *\n\n')
}

function textIn(words: MailWords): string {
  const steps = words.steps.map((step, i) => `${i + 1}. ${step}`).join('\n')
  return (
    [words.heading, words.explanation, steps, words.mailFallback, words.genuine].join('\n\n') + '\n'
  )
}

const HEADING = 'font-size:22px;font-weight:500;line-height:1.25;margin:0 0 12px'
/** Latin serifs have no letters for them. */
const WITHOUT_SERIFS = /^(?:zh|ja|ko)\b/

/** The notice as HTML for mail programs: inline styles, no image, no link to follow but the portal's address in words. */
export function noticeHtml(page: MessagePage, words: readonly MailWords[]): string {
  const first = words[0]
  // Mail programs know no logical sides.
  const [dir, start] = first?.dir === 'rtl' ? [' dir="rtl"', 'right'] : ['', 'left']
  return (
    `<!doctype html>\r\n<html lang="${escapeHtml(first?.lang ?? 'en')}" dir="${first?.dir ?? 'ltr'}"><head><meta charset="utf-8">\r\n` +
    `<meta name="color-scheme" content="light dark"><title>${escapeHtml(first?.subject ?? '')}</title></head>\r\n` +
    `<body style="margin:0;padding:16px">\r\n` +
    `<div style="max-width:34rem;margin:0 auto;font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">\r\n` +
    `<p${dir} style="border-${start}:4px solid ${page.accent.light};padding-${start}:10px;margin:0 0 20px">\r\n` +
    `<strong>${escapeHtml(page.organisationName)}</strong></p>\r\n` +
    words.map(htmlIn).join('<hr style="border:0;border-top:1px solid #b5aea5;margin:24px 0">\r\n') +
    `</div></body></html>\r\n`
  )
}

function htmlIn(words: MailWords): string {
  const paragraph = (text: string): string =>
    `<p style="margin:0 0 14px">${escapeHtml(text)}</p>\r\n`
  const font = WITHOUT_SERIFS.test(words.lang) ? 'inherit' : 'Georgia,serif'
  // Korean has blanks between words, and lines end there.
  const lines = /^ko\b/.test(words.lang) ? ' style="word-break:keep-all"' : ''
  const steps = words.steps.map(step => `<li>${escapeHtml(step)}</li>\r\n`).join('')
  return (
    `<div lang="${escapeHtml(words.lang)}" dir="${words.dir}"${lines}>\r\n` +
    `<h1 style="font-family:${font};${HEADING}">${escapeHtml(words.heading)}</h1>\r\n` +
    paragraph(words.explanation) +
    `<ol style="margin:0 0 14px;padding-inline-start:24px">\r\n${steps}</ol>\r\n` +
    paragraph(words.mailFallback) +
    paragraph(words.genuine) +
    `</div>\r\n`
  )
}
