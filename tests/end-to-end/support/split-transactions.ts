/** What one mail's transaction said to a mail server. */
export interface SentTransaction {
  /** Of RCPT, lower case. */
  readonly recipients: readonly string[]
  readonly bytes: Buffer
}

/** The mails that went over one connection: from each MAIL to the next. RFC 5321 §3.3 */
export function splitTransactions(sent: Buffer): readonly SentTransaction[] {
  const text = sent.toString('latin1')
  const starts = [...text.matchAll(/^MAIL FROM:<[^\r\n]*\r\n/gim)].map(({ index }) => index)
  return starts.map((start, at) => {
    const bytes = sent.subarray(start, starts[at + 1])
    const commands = bytes.toString('latin1', 0, bytes.indexOf('DATA\r\n') + 1)
    const recipients = [...commands.matchAll(/^RCPT TO:<([^>]*)>/gim)].map(
      ([, address]) => address?.toLowerCase() ?? '',
    )
    return { recipients, bytes }
  })
}
