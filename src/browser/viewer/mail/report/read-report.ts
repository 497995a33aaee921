import { decodeWords } from '../encoded-words.ts'
import { decodeCharset } from '../charset.ts'
import { MAX_REPORT_FIELDS, MAX_REPORT_RECIPIENTS, MAX_SMALL_FILE_BYTES } from '../limits.ts'
import { shownLine } from '../shown-text.ts'
import type { MailReport, ReportField, ReportRecipient } from './mail-report.ts'

const KINDS: ReadonlyMap<string, MailReport['kind']> = new Map([
  ['message/delivery-status', 'delivery'],
  ['message/global-delivery-status', 'delivery'],
  ['message/disposition-notification', 'disposition'],
  ['message/global-disposition-notification', 'disposition'],
  ['message/feedback-report', 'other'],
])

/** Reads the fields of a report (RFC 3464 §2.1, RFC 8098 §3.1). Never throws. Null when there is none. */
export function readReport(type: string, bytes: Uint8Array): MailReport | null {
  const kind = KINDS.get(type)
  if (kind === undefined) return null
  const groups = readGroups(decodeCharset(bytes.subarray(0, MAX_SMALL_FILE_BYTES), null).text)
  const fields = groups.flat().slice(0, MAX_REPORT_FIELDS)
  if (fields.length === 0) return null
  return {
    kind,
    fields,
    recipients: groups.flatMap(readRecipient).slice(0, MAX_REPORT_RECIPIENTS),
  }
}

/** Groups of fields are separated by empty lines. */
function readGroups(text: string): readonly (readonly ReportField[])[] {
  const unfolded = text.replaceAll(/\r\n?/g, '\n').replaceAll(/\n[ \t]+(?=\S)/g, ' ')
  const groups: ReportField[][] = [[]]
  for (const line of unfolded.split('\n')) {
    const field = /^([!-9;-~]{1,100})[ \t]*:(.*)$/s.exec(line)
    if (line.trim() === '') groups.push([])
    else if (field !== null) {
      const value = shownLine(decodeWords(field[2] ?? ''))
      groups.at(-1)?.push({ name: field[1] ?? '', value })
    }
  }
  return groups.filter(group => group.length > 0)
}

const ACTIONS = /^(?:failed|delayed|delivered|relayed|expanded|displayed|deleted)$/

/** Empty when a group is about no recipient. */
function readRecipient(fields: readonly ReportField[]): readonly ReportRecipient[] {
  const value = (name: string) =>
    fields.find(field => field.name.toLowerCase() === name)?.value ?? ''
  const address = value('original-recipient') || value('final-recipient')
  const action = (value('action') || (value('disposition').split(';')[1] ?? ''))
    .trim()
    .toLowerCase()
  const word = /^[a-z]+/.exec(action)?.[0] ?? ''
  if (address === '' && word === '') return []
  return [
    {
      address: afterType(address),
      action: ACTIONS.test(word) ? (word as NonNullable<ReportRecipient['action']>) : null,
      status: /^\d\.\d{1,3}\.\d{1,3}/.exec(value('status'))?.[0] ?? '',
      diagnostic: afterType(value('diagnostic-code')),
    },
  ]
}

/** RFC 3464 §2.1.2: `rfc822; a@b.example`. */
function afterType(value: string): string {
  return value.replace(/^[\w-]{1,40}\s*;\s*/, '')
}
