import type { JSX } from 'preact'
import { text } from '../../../ui/text.ts'
import type { MailReport, ReportRecipient } from '../../mail/report/mail-report.ts'

const titles = {
  delivery: 'cards.reportDelivery',
  disposition: 'cards.reportReading',
  other: 'cards.reportOther',
} as const

/** What a mail program reports: in words for each recipient, and as written below a fold. */
export function ReportCard({ report }: { readonly report: MailReport }): JSX.Element {
  return (
    <section class="card">
      <h2>{text(titles[report.kind])}</h2>
      <ul>
        {report.recipients.map((recipient, place) => (
          <Recipient key={place} {...recipient} />
        ))}
      </ul>
      <details>
        <summary>{text('cards.reportFields')}</summary>
        <dl class="card-rows">
          {report.fields.map(({ name, value }, place) => (
            <div key={place}>
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  )
}

function Recipient({ address, action, status, diagnostic }: ReportRecipient): JSX.Element {
  const who = `\u2068${address}\u2069`
  const more = [status, diagnostic].filter(words => words !== '').join(' · ')
  return (
    <li>
      {action === null ? who : text(`cards.action-${action}`, { address: who })}
      {more !== '' && (
        <small class="soft block">
          <bdi>{more}</bdi>
        </small>
      )}
    </li>
  )
}
