import { cleanName } from '../../../core/address/clean-name.ts'
import { escapeHtml } from '../../../core/envelope/escape-html.ts'
import type { ReplyPart } from '../../../core/reply/reply-head.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import { directionOf, matchLocale, translator } from '../../text/text.ts'
import type { VerifiedWriter } from './reply-header.ts'

/** What is put before and behind the content of a part. */
export interface Around {
  readonly first: Uint8Array
  readonly last: Uint8Array
}

const nothing = new Uint8Array()

/** A letter's own styles come later, and none of them wins over these. */
const ALWAYS_SEEN = [
  'display:block',
  'visibility:visible',
  'opacity:1',
  'position:static',
  'float:none',
  'width:auto',
  'height:auto',
  'max-width:none',
  'max-height:none',
  'overflow:visible',
  'transform:none',
  'clip-path:none',
  'text-indent:0',
  'color:#1f1b16',
  'background:#f4f1ec',
  'font-size:14px',
]
  .map(style => `${style}!important`)
  .join(';')
/** Some programs pass over what is important. */
const STYLE = `margin:0 0 16px;padding:8px 12px;border:1px solid #8a8378;font-family:sans-serif;${ALWAYS_SEEN}`

/**
 * The line at the top of text and HTML that says that somebody outside wrote this, and how they were verified; in the
 * organisation's language. The letter stands behind it, so nothing in the letter can swallow it.
 */
export function writerNotice({
  writer,
  organisation,
}: {
  readonly writer: VerifiedWriter
  readonly organisation: OrganisationConfig
}): Readonly<Record<ReplyPart['role'], Around>> {
  const locale = matchLocale([organisation.locale])
  const line = translator(locale)(`replyMail.${writer.method}`, {
    organisation: cleanName(organisation.name),
    address: writer.address,
  })
  const file = { first: nothing, last: nothing }
  return {
    text: { first: Buffer.from(`${line}\r\n\r\n`), last: nothing },
    html: { first: Buffer.from(openPage(line, locale)), last: Buffer.from('</body></html>\r\n') },
    inline: file,
    attachment: file,
  }
}

function openPage(line: string, locale: string): string {
  return (
    '<!doctype html>\r\n<html><head><meta charset="utf-8"></head><body>\r\n' +
    `<div lang="${locale}" dir="${directionOf(locale)}" style="${STYLE}">${escapeHtml(line)}</div>\r\n`
  )
}
