import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import type { MailFacts } from '../mail-facts.ts'
import type { Mac } from '../message-ids.ts'
import type { Half } from '../next-hop/half.ts'
import type { MailSource } from '../smtp/mail-source.ts'
import { replies } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'
import type { AliasTarget } from './alias-target.ts'
import { notDeliveredMail } from './not-delivered-mail.ts'
import { MAX_REPORT_BYTES, readDeliveryReport } from './read-delivery-report.ts'

/** A report on delivery that came for a writer outside. */
export interface ComingReport {
  readonly facts: MailFacts
  /** What of the body came with the header; the rest comes from `source`. */
  readonly rest: Uint8Array
  readonly source: Pick<MailSource, 'next'>
  readonly target: AliasTarget
  /** Asked for the writer already. */
  readonly half: Half
}

export interface ReportNeeds {
  readonly mac: Mac
  readonly clock: () => number
  readonly take: TakeAllowance
}

/**
 * Reads a report to its end and sends the writer a short mail in its place: never the report, which may carry what was
 * written. Attack: a bounce that would carry plaintext.
 * @throws {SourceError} {NextHopError}
 */
export async function passReportOn(needs: ReportNeeds, coming: ComingReport): Promise<Reply> {
  const { half, target } = coming
  const report = readDeliveryReport(coming.facts, await readBeginning(coming))
  const { allowed } = report.isFailure
    ? await needs.take('notice-address', target.writer)
    : { allowed: true }
  if (!report.isFailure || !allowed) {
    await half.reset()
    return report.isFailure ? replies.tooManyReports : replies.ok
  }
  const refusal = await half.start()
  if (refusal !== undefined) return refusal
  const { mac, clock } = needs
  const mail = notDeliveredMail({ ...target, report, mac, nowMs: clock() })
  await half.write([Buffer.from(mail)])
  return half.finish()
}

/** What comes behind it is read and forgotten. */
async function readBeginning({ rest, source }: ComingReport): Promise<Buffer> {
  const pieces: Uint8Array[] = [rest]
  let length = rest.length
  for (let piece = await source.next(); piece !== null; piece = await source.next()) {
    if (length < MAX_REPORT_BYTES) pieces.push(piece)
    length += piece.length
  }
  return Buffer.concat(pieces).subarray(0, MAX_REPORT_BYTES)
}
