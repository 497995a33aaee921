import { escapeHtml } from './escape-html.ts'
import type { MessagePage, NoticeWords } from './message-page.ts'
import { messageStyle } from './message-style.ts'

/** A larger logo would cost more than the mail may grow (envelope.md §4, sizes). */
const MAX_LOGO_CHARACTERS = 16 * 1024
const LOGO = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/
/** Shorter than SMTP's longest line. */
const LOGO_LINE = /.{1,900}/g

/** The seal, closed: the one ornament. */
const SEAL =
  '<svg class="seal" viewBox="0 0 64 64" aria-hidden="true"><path class="wax" d="M32 3c4 0 5 3.3 8.5 4.3s6.6-.8 9.3 1.7 1.3 5.7 3.3 8.7 5.1 4.2 5.7 7.8-2.2 5.4-2.2 9 2.4 5.9 1.2 9.3-4.6 3.6-6.9 6.4-1.8 6.1-4.9 8-5.9.1-9.4 1.2S35.5 63 32 62.5\r\n' +
  's-4.7-3.3-8.1-4.2-6.6.5-9.3-1.7-1.2-5.7-3.3-8.5-5.3-3.9-6-7.4 2.1-5.5 2-9.1-2.6-6.1-1.4-9.5 4.7-3.5 6.9-6.3 1.6-6.2 4.7-8 6-.1 9.4-1.2S28 3 32 3Z"/>\r\n' +
  '<circle cx="32" cy="32.5" r="19" stroke-opacity=".55" stroke-width="1.6"/>\r\n' +
  '<path d="M24 25h16L24 40h16" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></svg>\r\n'

/** Everything before the envelope. */
export function pageHead(page: MessagePage, share: string): string {
  const first = page.words[0]
  return (
    `<!doctype html>\r\n<html lang="${escapeHtml(first?.lang ?? 'en')}" dir="${first?.dir ?? 'ltr'}">\r\n<head>\r\n` +
    `<meta charset="utf-8">\r\n<meta name="viewport" content="width=device-width,initial-scale=1">\r\n` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">\r\n` +
    `<meta name="referrer" content="no-referrer">\r\n` +
    `<title>${escapeHtml(first?.heading ?? page.organisationName)}</title>\r\n` +
    `<style>\r\n${messageStyle(page.accent)}</style>\r\n</head>\r\n` +
    `<body data-zegel="1" data-share="${share}">\r\n` +
    `<input type="hidden" form="open" name="envelope" value="\r\n`
  )
}

/** Everything after the signature; the form stands behind what it sends. */
export function pageTail(page: MessagePage, share: string, fits: boolean): string {
  const [first, ...others] = page.words.map(words => half(page, words, fits))
  return (
    `<header>${logo(page)}<strong>${escapeHtml(page.organisationName)}</strong></header>\r\n` +
    `<main>\r\n${SEAL}${first?.introduction ?? ''}${action(page, share, fits)}${first?.fallback ?? ''}` +
    others.map(other => `<hr>\r\n${other.introduction}${other.fallback}`).join('') +
    `</main>\r\n<footer><span>${escapeHtml(hostOf(page))}</span>${privacy(page)}</footer>\r\n` +
    `</body>\r\n</html>\r\n`
  )
}

function hostOf(page: MessagePage): string {
  return new URL(page.portalUrl).host
}

function logo(page: MessagePage): string {
  if (page.logo.length <= MAX_LOGO_CHARACTERS && LOGO.test(page.logo)) {
    const lines = page.logo.match(LOGO_LINE)?.join('\r\n') ?? ''
    return `<img class="logo" alt="" src="${lines}">`
  }
  const initial = Array.from(page.organisationName)[0] ?? ''
  return `<span class="logo" aria-hidden="true">${escapeHtml(initial)}</span>`
}

function languageOf(words: NoticeWords): string {
  return `lang="${escapeHtml(words.lang)}" dir="${words.dir}"`
}

/** One language's text above and below the button. */
function half(
  page: MessagePage,
  words: NoticeWords,
  fits: boolean,
): { introduction: string; fallback: string } {
  const heading = words === page.words[0] ? 'h1' : 'h2'
  const paragraph = (text: string): string => `<p>${withHost(page, text)}</p>\r\n`
  return {
    introduction:
      `<section ${languageOf(words)}>\r\n<${heading}>${escapeHtml(words.heading)}</${heading}>\r\n` +
      `${paragraph(words.explanation)}${fits ? '' : paragraph(words.large)}</section>\r\n`,
    fallback:
      `<section class="soft" ${languageOf(words)}>\r\n` +
      `${paragraph(words.fallback)}${paragraph(words.warning)}</section>\r\n`,
  }
}

/** The portal's name stands out wherever it is written: it is what a reader can check. */
function withHost(page: MessagePage, text: string): string {
  const host = escapeHtml(hostOf(page))
  return escapeHtml(text).replaceAll(host, () => `<b dir="ltr">${host}</b>`)
}

/** The one button; a plain link when the file is too large to be posted. */
function action(page: MessagePage, share: string, fits: boolean): string {
  const target = `${escapeHtml(`${page.portalUrl}/open`)}#${share}`
  const label = page.words
    .map(words => `<span ${languageOf(words)}>${escapeHtml(words.button)}</span>`)
    .join('\r\n')
  if (!fits) return `<p><a class="button" role="button" href="${target}">${label}</a></p>\r\n`
  return (
    `<form id="open" method="post" enctype="text/plain" action="${target}">\r\n` +
    `<button>${label}</button></form>\r\n`
  )
}

/** Once for each wording. */
function privacy(page: MessagePage): string {
  const target = escapeHtml(`${page.portalUrl}/privacy`)
  const distinct = page.words.filter(
    (words, i) => page.words.findIndex(other => other.privacy === words.privacy) === i,
  )
  const links = distinct.map(
    words => `<a ${languageOf(words)} href="${target}">${escapeHtml(words.privacy)}</a>`,
  )
  return `<span>${links.join(' ')}</span>`
}
