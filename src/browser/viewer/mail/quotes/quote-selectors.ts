/**
 * Where older messages are in HTML, as CSS selectors. They hold on the tree that the parser makes of a mail, and on what
 * the sanitiser leaves of it. A forwarded message is no quote: it is what the mail is about.
 */

/** Elements that are a quote as a whole, with the line that names its writer where the program puts it inside. */
export const QUOTE_BLOCKS: readonly string[] = [
  'blockquote[type=cite]', // Thunderbird, Apple Mail and others
  '.gmail_quote:has(>blockquote)',
  '[class$=yahoo_quoted]', // once forwarded, with letters before it
  '[id^=yahoo_quoted]',
  '[id^=yMail_cursorElementTracker]~blockquote', // Yahoo on a phone
  'div[name=quote]', // GMX, web.de, mail.com
  '.zmail_extra:has(>blockquote)', // Zoho
  '#blockquote_zmail',
  '.protonmail_quote',
  '.tutanota_quote',
  '#mail-editor-reference-message-container', // Outlook of 2023 and later
  '.ms-outlook-mobile-reference-message',
  '#OLK_SRC_BODY_SECTION', // Outlook for Mac
]

/** Elements with which a quote begins that goes on with every following sibling: `x, x ~ *`. */
export const QUOTE_STARTS: readonly string[] = [
  '[id$=appendonsend]', // Outlook on the web: before the line above the header; in answers to answers `x_appendonsend`
  '[id$=divRplyFwdMsg]',
  // Outlook for Windows: a line, then the header fields of the message as names in bold.
  // Two plain questions: `b ~ br ~ b` asks each of 20,000 elements about all before it, which takes seconds.
  'div:has(>div[style*=border-top]>p>b:first-child):has(>div[style*=border-top]>p>br+b)',
  'div:has(>div[style*=border-top]>p>b+span>br+b)',
]
