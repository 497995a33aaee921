import { SMTPServer } from 'smtp-server'
import type { SMTPServerOptions } from 'smtp-server'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
}

/** A mail server for the passcode mails: keeps them, or refuses them as the test says. */
export interface PasscodeSink {
  readonly port: number
  readonly mails: ReceivedMail[]
  /** The mail to this address, once it is there; removes it. */
  next(to: string): Promise<ReceivedMail>
}

export async function passcodeSink(options: SMTPServerOptions = {}): Promise<PasscodeSink> {
  const mails: ReceivedMail[] = []
  const arrived = new EventTarget()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(each => each.address),
          raw: Buffer.concat(chunks).toString('utf8'),
        })
        callback()
        arrived.dispatchEvent(new Event('mail'))
      })
    },
    ...options,
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
      }),
  )
  const take = (to: string) => {
    const at = mails.findIndex(mail => mail.to.includes(to))
    return at === -1 ? undefined : mails.splice(at, 1)[0]
  }
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    async next(to) {
      for (;;) {
        const mail = take(to)
        if (mail !== undefined) return mail
        await new Promise(resolve => {
          arrived.addEventListener('mail', resolve, { once: true })
        })
      }
    },
  }
}

/** The eight digits of a passcode mail. */
export function codeIn(mail: ReceivedMail): string {
  const codes = mail.raw.match(/\b\d{8}\b/g) ?? []
  if (codes.length !== 1) throw new Error(`${codes.length} codes in a passcode mail`)
  return codes[0] ?? ''
}
