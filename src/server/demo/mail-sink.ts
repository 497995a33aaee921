import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'
import { MAX_MAIL_BYTES, MAX_RECIPIENTS, MAX_TOTAL_BYTES } from './limits.ts'
import { readMailHeader } from './read-mail.ts'
import type { SMTPServerAddress, SMTPServerDataStream } from 'smtp-server'
import type { StoredMail } from './stored-mail.ts'

/** A mail with its envelope. */
export interface RoutedMail {
  readonly raw: Buffer
  readonly from: string
  readonly to: readonly string[]
}

/** An SMTP reply without its code in front. */
export interface RoutedRefusal {
  readonly code: number
  readonly words: string
}

export interface MailSink {
  /** @throws Error with `code` `EADDRINUSE` and `port` when the port is taken */
  listen(): Promise<{ readonly port: number }>
  close(): Promise<void>
}

/**
 * An SMTP server that takes every mail for everyone: it stands in for the world's mail servers.
 * Offers what the best of them offer, so that nothing is lost on the way to it.
 */
export function createMailSink(needs: {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly clock: () => number
  readonly deliver: (mail: StoredMail) => void
  /** Mail for these domains goes on to another server, which may refuse it. */
  readonly routed?: {
    readonly isRouted: (address: string) => boolean
    readonly handOn: (mail: RoutedMail) => Promise<RoutedRefusal | null>
  }
}): MailSink {
  const budget = { bytesUnderWay: 0 }
  const { isRouted = () => false, handOn } = needs.routed ?? {}
  const server = new SMTPServer({
    // The mailbox is on loopback: there is nothing that TLS could protect, and no user to know.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hideDSN: false,
    logger: false,
    size: MAX_MAIL_BYTES,
    closeTimeout: 500,
    onRcptTo: (_address, session, done) =>
      done(
        session.envelope.rcptTo.length < MAX_RECIPIENTS ? null : reply(452, 'too many recipients'),
      ),
    onData: (stream, session, done) => {
      const take = async (): Promise<void> => {
        const raw = await receive(stream, budget)
        const { mailFrom, rcptTo } = session.envelope
        const [routed, own] = parted(
          rcptTo.map(({ address }) => address),
          isRouted,
        )
        const mail = { raw, from: envelopeSender(mailFrom), to: routed }
        const refusal = routed.length === 0 ? null : await handOn?.(mail)
        if (refusal) throw reply(refusal.code, refusal.words)
        if (own.length > 0) needs.deliver(await toStoredMail({ ...mail, to: own }, needs.clock()))
      }
      void answer(take, done)
    },
  })
  // A client that goes away in the middle is no error of ours.
  server.on('error', () => {})
  return {
    async listen() {
      const { server: socket } = server
      socket.listen(needs.port, needs.host)
      await once(socket, 'listening')
      const address = socket.address()
      return { port: typeof address === 'object' && address !== null ? address.port : needs.port }
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

async function answer(
  work: () => Promise<void>,
  done: (error?: Error | null) => void,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)))
  }
  done()
}

/** Collects one mail within the budget of all that come in at once. */
async function receive(
  stream: SMTPServerDataStream,
  budget: { bytesUnderWay: number },
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      bytes += chunk.length
      budget.bytesUnderWay += chunk.length
      // Read to the end all the same: an answer before the final dot would be taken for that to the next command.
      if (bytes > MAX_MAIL_BYTES || budget.bytesUnderWay > MAX_TOTAL_BYTES) chunks.length = 0
      else chunks.push(chunk)
    }
  } finally {
    budget.bytesUnderWay -= bytes
  }
  if (stream.sizeExceeded || bytes > MAX_MAIL_BYTES) throw reply(552, 'the mail is too large')
  const raw = Buffer.concat(chunks)
  if (raw.length !== bytes) throw reply(452, 'no room at the moment')
  return raw
}

const reply = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode })

async function toStoredMail({ raw, from, to }: RoutedMail, nowMs: number): Promise<StoredMail> {
  const { from: authors, ...header } = await readMailHeader(raw)
  const [author] = authors
  return {
    id: randomBytes(9).toString('base64url'),
    from: author?.address || from,
    fromName: author?.name ?? '',
    to,
    ...header,
    receivedAtMs: nowMs,
    raw,
  }
}

function parted(
  addresses: readonly string[],
  isFirst: (address: string) => boolean,
): readonly [readonly string[], readonly string[]] {
  return [addresses.filter(isFirst), addresses.filter(address => !isFirst(address))]
}

const envelopeSender = (sender: SMTPServerAddress | false): string =>
  sender === false ? '' : sender.address
