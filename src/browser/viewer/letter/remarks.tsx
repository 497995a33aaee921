import type { JSX } from 'preact'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import type { WarningCode } from '../mail/parse-mail.ts'
import { cryptoName } from './crypto-name.ts'
import type { Letter } from './letter.ts'

/** Readings of a mail that differ between programs: said, so that nobody is deceived by one of them. */
const ambiguities: ReadonlySet<WarningCode> = new Set([
  'repeated-field',
  'malformed-header',
  'too-many-fields',
  'too-deep',
  'too-many-parts',
  'bad-boundary',
  'damaged-part',
  'hidden-text',
])

/** What is to be known of a letter before it is read; most have none. */
export function Remarks({ letter }: { readonly letter: Letter }): JSX.Element {
  const { warnings, encryption } = letter
  return (
    <>
      {warnings.some(code => ambiguities.has(code)) && (
        <Notice>
          <p>{text('message.odd')}</p>
        </Notice>
      )}
      {encryption !== 'none' && (
        <Notice>
          <p>{text('message.encrypted', { kind: cryptoName(encryption) })}</p>
        </Notice>
      )}
    </>
  )
}
