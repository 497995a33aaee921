import type { Address } from '../../../core/address/address.ts'
import { wrapperBytes, wrapperFactor } from '../limits.ts'
import type { GatewayLimits } from '../limits.ts'
import type { MailCommand, RcptCommand } from '../smtp/command.ts'
import { isSuccess, mirrorReply, replies } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'
import { answerFor, NextHopError } from './next-hop-error.ts'
import type { NextHopConnection } from './next-hop-connection.ts'
import type { Keywords } from './next-hop-connection.ts'
import type { NextHop } from './next-hop.ts'

export interface HalfNeeds {
  readonly nextHop: NextHop
  readonly limits: GatewayLimits
  readonly mail: MailCommand
  /** Whether the mail will probably be sealed, which is larger: RFC 1870 asks for an estimate. */
  readonly probablySealed: boolean
  /** A bounce may not carry the mail: RET=HDRS (RFC 3461 §4.3) where the next hop has DSN. */
  readonly bouncesHeadersOnly: boolean
}

/**
 * The recipients of one mail that get the same bytes: one transaction with the next hop.
 * Begins with the first recipient; each is asked of the next hop. contract.md, Gateway
 */
export class Half {
  readonly #needs: HalfNeeds
  readonly #recipients = new Set<Address>()
  #connection: NextHopConnection | undefined
  #refusal: Reply | undefined
  #abandoned = false
  /** The recipient that is asked for. */
  #recipientAsksDsn = false

  constructor(needs: HalfNeeds) {
    this.#needs = needs
  }

  /** Whom the next hop accepted. */
  get recipients(): readonly Address[] {
    return [...this.#recipients]
  }

  /** Why it takes nobody at all: MAIL was refused, or the next hop cannot be used. */
  get refusal(): Reply | undefined {
    return this.#refusal
  }

  /** Asks for one recipient; the answer is the next hop's. */
  async add(command: RcptCommand, address: Address): Promise<Reply> {
    if (this.#refusal !== undefined) return this.#refusal
    try {
      const answer = await this.#ask(command)
      if (isSuccess(answer)) this.#recipients.add(address)
      return mirrorReply(answer)
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** DATA; undefined when the next hop is ready for the mail, else its refusal. */
  async start(): Promise<Reply | undefined> {
    if (this.#connection === undefined) return this.#refusal ?? replies.failed
    try {
      const answer = await this.#connection.startData()
      return answer.code === 354 ? undefined : this.#refuse(answer)
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** Content of the mail, in pieces. @throws {NextHopError} */
  async write(pieces: readonly Buffer[]): Promise<void> {
    if (this.#connection === undefined) throw new NextHopError('lost')
    await this.#connection.writeData(pieces)
  }

  /** Hands what was written to the network. @throws {NextHopError} */
  async flush(): Promise<void> {
    await this.#connection?.flushData()
  }

  /** The final dot and the answer to it. */
  async finish(): Promise<Reply> {
    const connection = this.#connection
    if (connection === undefined || this.#abandoned) return replies.nextHopLost
    try {
      const answer = await connection.finishData()
      this.#release(connection)
      return mirrorReply(answer)
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** Gives a begun transaction up in good order, before DATA; the connection is kept. */
  async reset(): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    if (connection === undefined) return
    try {
      const answer = await connection.command('RSET', this.#needs.limits.nextHopCommandMs)
      if (isSuccess(answer)) this.#needs.nextHop.release(connection)
      else connection.destroy()
    } catch {
      connection.destroy()
    }
  }

  /** Breaks off: nothing of a mail without its final dot is delivered. */
  abandon(): void {
    this.#abandoned = true
    this.#connection?.destroy()
    this.#connection = undefined
  }

  #ask(command: RcptCommand): Promise<Reply> {
    this.#recipientAsksDsn = command.notify !== undefined || command.orcpt !== undefined
    const line = rcptLine(command)
    if (this.#connection === undefined) return this.#begin(line)
    if (!this.#supports(this.#connection)) return Promise.resolve(replies.nextHopChanged)
    return this.#connection.command(line, this.#needs.limits.rcptMs)
  }

  /** MAIL and the first RCPT, on a connection that an earlier mail left or else on a new one. */
  async #begin(firstRcpt: string): Promise<Reply> {
    const kept = this.#needs.nextHop.takeIdle()
    const answer = kept === undefined ? undefined : await this.#beginOnKept(kept, firstRcpt)
    if (answer !== undefined) return answer
    return this.#beginOn(await this.#needs.nextHop.open(), firstRcpt)
  }

  /** Undefined when the next hop has closed the kept connection in the meantime. */
  async #beginOnKept(kept: NextHopConnection, firstRcpt: string): Promise<Reply | undefined> {
    try {
      const answer = await this.#beginOn(kept, firstRcpt)
      if (answer.code !== 421) return answer
      this.#drop(kept)
    } catch (error) {
      if (!(error instanceof NextHopError) || error.code !== 'lost' || this.#abandoned) throw error
    }
    this.#connection = undefined
    this.#refusal = undefined
    return undefined
  }

  async #beginOn(connection: NextHopConnection, firstRcpt: string): Promise<Reply> {
    if (this.#abandoned) {
      this.#needs.nextHop.release(connection)
      throw new NextHopError('lost')
    }
    this.#connection = connection
    if (!this.#supports(connection)) return this.#cannotTake(connection)
    connection.mails++
    const lines = [mailLine(this.#needs, connection.keywords), firstRcpt]
    const [mail, rcpt] = await connection.commands(lines, this.#needs.limits.mailMs)
    if (mail === undefined || rcpt === undefined) throw new NextHopError('bad-reply')
    if (isSuccess(mail)) return rcpt
    this.#refusal = mirrorReply(mail)
    if (mail.code !== 421) await this.reset()
    return mail
  }

  /** What was offered to the client may have changed since. */
  #supports({ keywords }: NextHopConnection): boolean {
    const { mail } = this.#needs
    const asksDsn = this.#recipientAsksDsn || mail.ret !== undefined || mail.envid !== undefined
    return (
      (!mail.eightBit || keywords.has('8BITMIME')) &&
      (!mail.utf8 || keywords.has('SMTPUTF8')) &&
      (!asksDsn || keywords.has('DSN'))
    )
  }

  #cannotTake(connection: NextHopConnection): Reply {
    this.#needs.nextHop.forgetKeywords()
    this.#needs.nextHop.release(connection)
    this.#connection = undefined
    this.#refusal = replies.nextHopChanged
    return replies.nextHopChanged
  }

  async #refuse(answer: Reply): Promise<Reply> {
    await this.reset()
    return mirrorReply(answer)
  }

  #release(connection: NextHopConnection): void {
    this.#connection = undefined
    this.#needs.nextHop.release(connection)
  }

  #drop(connection: NextHopConnection): void {
    connection.destroy()
    this.#connection = undefined
  }

  #fail(error: unknown): Reply {
    this.abandon()
    if (!(error instanceof NextHopError)) throw error
    this.#refusal = answerFor(error)
    return this.#refusal
  }
}

function mailLine(needs: HalfNeeds, keywords: Keywords): string {
  const { mail } = needs
  const parts = [`MAIL FROM:<${mail.path}>`]
  if (mail.size !== undefined && keywords.has('SIZE')) parts.push(`SIZE=${declaredSize(needs)}`)
  if (mail.eightBit) parts.push('BODY=8BITMIME')
  if (mail.utf8) parts.push('SMTPUTF8')
  const ret = needs.bouncesHeadersOnly && keywords.has('DSN') ? 'HDRS' : mail.ret
  if (ret !== undefined) parts.push(`RET=${ret}`)
  if (mail.envid !== undefined) parts.push(`ENVID=${mail.envid}`)
  return parts.join(' ')
}

function declaredSize({ mail, probablySealed }: HalfNeeds): number {
  const size = mail.size ?? 0
  return probablySealed ? Math.ceil(size * wrapperFactor) + wrapperBytes : size
}

function rcptLine(command: RcptCommand): string {
  const notify = command.notify === undefined ? '' : ` NOTIFY=${command.notify}`
  const orcpt = command.orcpt === undefined ? '' : ` ORCPT=${command.orcpt}`
  return `RCPT TO:<${command.path}>${notify}${orcpt}`
}
