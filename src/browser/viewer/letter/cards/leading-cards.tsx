import type { JSX } from 'preact'
import { CalendarCards, fileOfInvitation } from './attached-cards.tsx'
import { ReportCard } from './report-card.tsx'
import type { Letter } from '../letter.ts'

/** What a letter is about when it is more than text: an invitation, a report of a mail program. */
export function LeadingCards({ letter }: { readonly letter: Letter }): JSX.Element {
  const { invitation, report } = letter
  return (
    <div class="cards">
      {invitation !== null && (
        <CalendarCards calendar={invitation.calendar} attachment={fileOfInvitation(letter)} />
      )}
      {report !== null && <ReportCard report={report} />}
    </div>
  )
}
