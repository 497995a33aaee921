import { toBase64Url } from '../../core/envelope/base64.ts'
import { equalBytes, utf8 } from '../../core/envelope/bytes.ts'
import { fieldsNamed } from './header-fields.ts'
import type { HeaderField } from './header-fields.ts'
import type { Mac } from './message-ids.ts'

/** Header field by which the gateway knows its own work when it comes back. envelope.md §5 */
export const LOOP_FIELD = 'X-Zegel'

const MARK = /^1; ([A-Za-z0-9_-]{22}); ([A-Za-z0-9_-]{43})$/

/** What the mark covers besides the id: these fields of the wrapper mail. */
export interface MarkedFields {
  readonly messageId: string
  readonly from: string
  readonly date: string
}

/** `1; ID; HMAC` */
export function formatLoopMark(mac: Mac, id: string, fields: MarkedFields): string {
  return `1; ${id}; ${tag(mac, id, fields)}`
}

/** `valid`: this gateway sealed it already (554 5.4.6). `invalid`: to be removed. It never exempts a mail from sealing. */
export function checkLoopMark(
  mac: Mac,
  fields: readonly HeaderField[],
): 'none' | 'valid' | 'invalid' {
  const marks = fieldsNamed(fields, LOOP_FIELD)
  if (marks.length === 0) return 'none'
  const marked = {
    messageId: valueOf(fields, 'Message-ID'),
    from: valueOf(fields, 'From'),
    date: valueOf(fields, 'Date'),
  }
  return marks.some(mark => isValid(mac, mark.value, marked)) ? 'valid' : 'invalid'
}

function isValid(mac: Mac, value: string, fields: MarkedFields): boolean {
  const [, id, given] = MARK.exec(collapse(value)) ?? []
  if (id === undefined || given === undefined) return false
  return equalBytes(utf8(tag(mac, id, fields)), utf8(given))
}

function tag(mac: Mac, id: string, fields: MarkedFields): string {
  const parts = [id, fields.messageId, fields.from, fields.date].map(collapse)
  return toBase64Url(mac(utf8(['zegel.v1 loop', ...parts].join('\0'))))
}

/** Folding on the way changes white space, and nothing else. */
function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function valueOf(fields: readonly HeaderField[], name: string): string {
  return fieldsNamed(fields, name)[0]?.value ?? ''
}
