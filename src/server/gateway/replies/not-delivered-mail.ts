import type { Address } from '../../../core/address/address.ts'
import { cleanName } from '../../../core/address/clean-name.ts'
import { toBase64Url } from '../../../core/envelope/base64.ts'
import { utf8 } from '../../../core/envelope/bytes.ts'
import { replyDomainOf } from '../../config/reply-domain.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import { matchLocale, translator } from '../../text/text.ts'
import type { Mac } from '../message-ids.ts'
import { textPart } from '../mime-part.ts'
import { rfc5322Date } from '../rfc5322-date.ts'
import { phrase, writeField, writeTextField } from '../write-field.ts'
import type { DeliveryReport } from './read-delivery-report.ts'

const ID_BYTES = 16

export interface NotDelivered {
  readonly writer: Address
  readonly organisation: OrganisationConfig
  readonly report: DeliveryReport
  readonly mac: Mac
  readonly nowMs: number
}

/** Tells a writer outside that what they wrote did not arrive: whom it was for, and nothing of what it said. */
export function notDeliveredMail({
  writer,
  organisation,
  report,
  mac,
  nowMs,
}: NotDelivered): Uint8Array {
  const locale = matchLocale([report.locale ?? organisation.locale])
  const say = translator(locale)
  const name = cleanName(organisation.name)
  const domain = replyDomainOf(organisation)
  const id = mac(utf8(['zegel.v1 notice', writer, String(nowMs)].join('\0'))).subarray(0, ID_BYTES)
  const { addresses } = report
  const paragraphs = [
    ...(addresses.length > 0
      ? [say('notDeliveredMail.intro'), addresses.join('\n')]
      : [say('notDeliveredMail.introUnknown')]),
    say('notDeliveredMail.automatic'),
    name,
  ]
  return Buffer.from(
    writeField('From', `${phrase(name)} <no-reply@${domain}>`) +
      writeField('To', writer) +
      writeTextField('Subject', say('notDeliveredMail.subject')) +
      writeField('Date', rfc5322Date(nowMs)) +
      writeField('Message-ID', `<${toBase64Url(id)}@${domain}>`) +
      // RFC 3834 §5: nobody answers it automatically.
      writeField('Auto-Submitted', 'auto-replied') +
      writeField('X-Auto-Response-Suppress', 'All') +
      writeField('Content-Language', locale) +
      'MIME-Version: 1.0\r\n' +
      textPart('plain', paragraphs.join('\n\n')),
  )
}
