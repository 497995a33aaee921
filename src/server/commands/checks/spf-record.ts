import { isIP } from 'node:net'
import type { CheckLine } from './finding.ts'

/** What is wrong with an SPF record that is the domain's only one; undefined: nothing. RFC 7208 §4.6, §5 */
export function spfProblem(record: string): Pick<CheckLine, 'state' | 'detail'> | undefined {
  const terms = record.split(' ').slice(1).filter(Boolean)
  const wrong = terms.find(term => !isTerm(term))
  if (wrong !== undefined)
    return { state: 'failed', detail: `receivers cannot read ${wrong} and take all of it for none` }
  if (terms.some(term => /^\+?all$/i.test(term)))
    return { state: 'failed', detail: 'anyone may send; end it in -all' }
  if (!terms.some(term => /^([-~]all$|redirect=)/i.test(term)))
    return { state: 'warning', detail: 'says nothing of other servers; end it in -all or ~all' }
  return undefined
}

function isTerm(term: string): boolean {
  const address = /^[-+~?]?ip([46]):([^/]+)(\/\d{1,3})?$/i.exec(term)
  if (address) return isIP(address[2] ?? '') === Number(address[1])
  return (
    /^[-+~?]?(all|(a|mx|ptr)(:[^\s/]+)?(\/\d{1,2})?(\/\/\d{1,3})?|(include|exists):\S+)$/i.test(
      term,
    ) || /^[a-z][\w.-]*=\S*$/i.test(term)
  )
}
