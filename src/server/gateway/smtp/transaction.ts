import type { MailCommand, RcptCommand } from './command.ts'
import type { MailSource } from './mail-source.ts'
import type { Reply } from './reply.ts'

/** What the next hop offers, as this gateway passes it on. */
export interface Offer {
  /** Largest original mail, bytes. */
  readonly maxBytes: number
  readonly eightBit: boolean
  readonly utf8: boolean
  readonly dsn: boolean
}

/** Who is connected. */
export interface Client {
  /** IPv4 or IPv6; no mapped form. */
  readonly address: string
  /** Name of `gateway.users` after AUTH. */
  readonly user: string | undefined
  /** SHA-256 of the client certificate, hex without colons, lower case. */
  readonly certificate: string | undefined
}

/** One mail, from MAIL to the answer to DATA; what the listener needs of the rest of the gateway. */
export interface MailTransaction {
  recipient(command: RcptCommand): Promise<Reply>
  /**
   * Reads the mail and delivers it. Need not read to the end when it refuses.
   * Any failure of the client or of ours leaves nothing delivered that the answer does not say.
   */
  deliver(source: MailSource): Promise<Reply>
  /** Drops the connections to the next hop before a final dot; safe at any time and twice. */
  abandon(): void
  /** The client has gone. As `abandon`, but a mail that the next hop has got whole is its own: the answer is awaited. */
  clientLeft(): void
}

export type SignIn = 'signed-in' | 'wrong' | 'too-many'

/** What the listener asks of the gateway. */
export interface MailTaker {
  offer(): Promise<Offer>
  /** A refusal, or undefined: this client may send. */
  refuseClient(client: Client): Reply | undefined
  /** `too-many`: there were so many wrong ones that this was not looked at. */
  signIn(user: string, password: string, address: string): Promise<SignIn>
  begin(mail: MailCommand, client: Client): MailTransaction
}
