import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import type { NodemailerError, SendMailOptions } from 'nodemailer'
import { parseAddress } from '../../core/address/address.ts'
import { MAIL_RETRY_PAUSES_MS, MAX_CONCURRENT_MAILS, MAX_REASON_CHARACTERS } from './limits.ts'
import { relayTransport } from './relay-transport.ts'
import type { RelaySettings } from './relay-transport.ts'
import { createSemaphore } from './semaphore.ts'

/** A plain-text mail of the portal to one person. */
export interface OwnMail {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly locale: string
  readonly dateMs: number
  /** No try begins after it: what it says would be over. */
  readonly expiresAtMs: number
}

/** What the next hop said. */
export interface Delivered {
  readonly state: 'accepted' | 'refused'
  /** The next hop's words without addresses; empty when it accepted. */
  readonly reason: string
}

export type SendMail = (mail: OwnMail) => Promise<Delivered>

export interface MailRelay {
  readonly send: SendMail
  close(): void
}

/** Hands mails to the relay, few at a time; what fails for the moment is tried again for two minutes. */
export function createMailRelay(
  settings: RelaySettings,
  clock: () => number,
  pausesMs: readonly number[] = MAIL_RETRY_PAUSES_MS,
): MailRelay {
  const transport = createTransport(relayTransport(settings))
  transport.use('stream', ({ data, message }, done) => {
    const [to = ''] = message.getEnvelope().to
    const [wanted] = [data.envelope?.to].flat()
    done(parseAddress(to) === wanted ? null : anotherMailbox())
  })
  const semaphore = createSemaphore(MAX_CONCURRENT_MAILS)
  const ending = new AbortController()
  const attempt = (mail: OwnMail) =>
    semaphore.run(async (): Promise<NodemailerError | null> => {
      try {
        await transport.sendMail({ ...messageOf(mail), signal: ending.signal })
        return null
      } catch (error) {
        return error as NodemailerError
      }
    })
  return {
    send: mail => sendWithRetries(attempt, mail, { clock, pausesMs, signal: ending.signal }),
    close() {
      ending.abort()
      transport.close()
    },
  }
}

/**
 * The mail library writes angle brackets, and blanks at an end, of a quoted local part as something else; a passcode
 * must not reach whoever has that mailbox.
 */
function anotherMailbox(): NodemailerError {
  return Object.assign(new Error('the address would become another'), { permanent: true })
}

interface Patience {
  readonly clock: () => number
  readonly pausesMs: readonly number[]
  /** Aborted when the process ends. */
  readonly signal: AbortSignal
}

async function sendWithRetries(
  attempt: (mail: OwnMail) => Promise<NodemailerError | null>,
  mail: OwnMail,
  { clock, pausesMs, signal }: Patience,
): Promise<Delivered> {
  for (let retries = 0; ; retries += 1) {
    const error = await attempt(mail)
    if (error === null) return { state: 'accepted', reason: '' }
    const pauseMs = pausesMs[retries]
    const isOver = pauseMs === undefined || clock() + pauseMs >= mail.expiresAtMs
    if (error.permanent === true || isOver || signal.aborted) return refusal(error)
    await pause(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

function refusal(error: NodemailerError): Delivered {
  return { state: 'refused', reason: cleanReason(error.response ?? '') }
}

/** One line without addresses: it is stored and shown, and must not say who was written to. */
function cleanReason(response: string): string {
  return response
    .replaceAll(/<[^>]*>|\S*@\S*/g, '…')
    .replaceAll(/[^\u0020-\u007e…]+/g, ' ')
    .trim()
    .slice(0, MAX_REASON_CHARACTERS)
}

function messageOf(mail: OwnMail): SendMailOptions {
  return {
    from: mail.from,
    // The address is canonical; given apart from the header, it is not parsed again.
    to: { name: '', address: mail.to },
    envelope: { from: mail.from.address, to: [mail.to] },
    subject: mail.subject,
    text: mail.text,
    date: new Date(mail.dateMs),
    messageId: newMessageId(mail.from.address),
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      // RFC 3834 §5: nobody answers it automatically.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': mail.locale,
    },
  }
}

/** Letters alone: a person, or a program, that looks for eight digits finds the code and nothing else. */
function newMessageId(from: string): string {
  const letters = Array.from(randomBytes(24), byte => String.fromCharCode(97 + (byte % 26)))
  return `<${letters.join('')}@${from.slice(from.lastIndexOf('@') + 1)}>`
}
