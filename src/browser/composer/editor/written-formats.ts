import { escapeHtml } from '../../../core/envelope/escape-html.ts'

/** Whether HTML of the editor says more than its plain text would. */
export function isFormatted(written: string): boolean {
  return /<(?!\/?(?:div|br|p)\b)/i.test(written)
}

/** A block a line, as the editor has them; each in the direction of its words. */
export function textToHtml(text: string): string {
  if (text === '') return ''
  return text
    .split('\n')
    .map(line => `<div dir="auto">${line === '' ? '<br>' : escapeHtml(line)}</div>`)
    .join('')
}
