import type { ReplyKind } from '../../../core/reply/reply-head.ts'
import type { Letter } from '../../viewer/letter/letter.ts'

/** Sentences of the writer's language. */
export interface QuoteWords {
  /** `On 21 November 2026, Alice wrote:` */
  readonly attribution: (date: string, sender: string) => string
  readonly forwarded: string
  /** `Subject: Offer` */
  readonly field: (name: 'from' | 'date' | 'subject' | 'to' | 'cc', value: string) => string
  readonly moment: (timeMs: number) => string
}

/** What stands about the letter above its quote. */
export interface QuotedLetter {
  readonly letter: Pick<Letter, 'subject' | 'to' | 'cc' | 'dateMs'>
  /** Whom the organisation vouches for: a letter may name another. */
  readonly sender: { readonly address: string; readonly name: string }
  readonly createdAtMs: number
}

/** The line that names the writer of a quote, or the header fields of a forwarded letter; a line each. */
export function quoteHead(
  kind: ReplyKind,
  quoted: QuotedLetter,
  words: QuoteWords,
): readonly string[] {
  const { letter, sender, createdAtMs } = quoted
  const date = words.moment(letter.dateMs ?? createdAtMs)
  const writer = mailbox(sender)
  if (kind !== 'forward') return [words.attribution(date, writer)]
  const fields = [
    ['from', writer],
    ['date', date],
    ['subject', letter.subject],
    ['to', letter.to.map(mailbox).join(', ')],
    ['cc', letter.cc.map(mailbox).join(', ')],
  ] as const
  return [
    `---------- ${words.forwarded} ----------`,
    ...fields.filter(([, value]) => value !== '').map(([name, value]) => words.field(name, value)),
  ]
}

function mailbox({ name, address }: { readonly name: string; readonly address: string }): string {
  if (address === '') return name
  return name === '' ? address : `${name} <${address}>`
}
