import type { Socket } from 'node:net'
import type { GatewayLimits } from '../limits.ts'
import { lineText, parseCommand, parseMail, parseRcpt } from './command.ts'
import type { Command } from './command.ts'
import { MailSource, SourceError } from './mail-source.ts'
import { formatReply, isSuccess, replies, reply } from './reply.ts'
import type { Reply } from './reply.ts'
import { readCredentials } from './sasl.ts'
import { SocketError, SocketReader } from './socket-reader.ts'
import type { Client, MailTaker, MailTransaction, Offer } from './transaction.ts'
import { writeSocket } from './write-socket.ts'

export interface SessionNeeds {
  readonly hostname: string
  readonly taker: MailTaker
  readonly limits: GatewayLimits
  /** Takes the socket into TLS; absent when there is no certificate. */
  readonly startTls: ((socket: Socket) => Promise<SecuredSocket>) | undefined
  readonly offersAuth: boolean
  readonly address: string
  /** Called when the client has shown that it may send, by a password or a certificate. */
  readonly becomeKnown: () => void
}

export interface SecuredSocket {
  readonly socket: Socket
  /** SHA-256 fingerprint of the client certificate, hex, lower case. */
  readonly certificate: string | undefined
}

/** One connection of a client: the commands of RFC 5321 §4.1, one after another, answered in order. */
export class SmtpSession {
  readonly #needs: SessionNeeds
  #socket: Socket
  #reader: SocketReader
  #secured: boolean
  #certificate: string | undefined
  #user: string | undefined
  #greeted = false
  #offer: Offer | undefined
  #utf8 = false
  #transaction: MailTransaction | undefined
  #accepted = 0
  #asked = 0
  #badCommands = 0
  #authFailures = 0
  #closing = false
  #ended = false
  /** Of `performance.now()`: when a stranger has to have signed in. */
  readonly #strangerUntilMs: number
  #isKnown = false
  readonly #onClose = () => this.#transaction?.clientLeft()

  constructor(needs: SessionNeeds, secured: SecuredSocket | Socket) {
    this.#needs = needs
    this.#secured = 'socket' in secured
    this.#socket = 'socket' in secured ? secured.socket : secured
    this.#certificate = 'socket' in secured ? secured.certificate : undefined
    this.#reader = this.#attach(this.#socket)
    this.#strangerUntilMs = performance.now() + needs.limits.strangerMs
    this.#noteWhoItIs()
  }

  /** True while a mail is on its way. */
  get isBusy(): boolean {
    return this.#transaction !== undefined
  }

  /** Runs until the connection is over; never throws for what a client does. */
  async run(): Promise<void> {
    try {
      await this.#answer(reply(220, `${this.#needs.hostname} ESMTP Zegel`))
      while (!this.#ended) await this.#turn()
    } catch (error) {
      if (!(error instanceof SocketError || error instanceof SourceError)) throw error
      if (error.code === 'too-slow') this.#socket.write(formatReply(replies.tooSlow))
    } finally {
      this.#endTransaction()
      this.#finish()
    }
  }

  /** Ends after the mail that is on its way, or at once when there is none. */
  close(): void {
    this.#closing = true
    if (this.isBusy) return
    this.#ended = true
    this.#socket.end(formatReply(replies.closing))
  }

  /** Ends at once; a mail on its way is given up before its final dot. */
  destroy(): void {
    this.#ended = true
    this.#endTransaction()
    this.#socket.destroy()
  }

  #attach(socket: Socket): SocketReader {
    socket.on('close', this.#onClose)
    return new SocketReader(socket)
  }

  /**
   * Ends the connection so that the client still gets the last answer: what it sends meanwhile is
   * thrown away, since closing on unread bytes would take the answer back on its way.
   */
  #finish(): void {
    const socket = this.#socket
    if (socket.destroyed) return
    this.#reader.detach()
    const timer = setTimeout(() => socket.destroy(), this.#needs.limits.lingerMs)
    socket.once('close', () => clearTimeout(timer))
    if (!socket.writableEnded) socket.end()
    socket.resume()
  }

  async #turn(): Promise<void> {
    if (this.#closing && !this.isBusy) return this.#leave(replies.closing)
    const { commandLineBytes } = this.#needs.limits
    const limitMs = this.#commandMs()
    if (limitMs <= 0) return this.#leave(replies.tooSlow)
    const line = await this.#reader.line(limitMs, commandLineBytes)
    if (line === null) {
      this.#ended = true
      return
    }
    if (line === 'too-long') return this.#leave(replies.lineTooLong)
    const command = parseCommand(line)
    if (command === null) await this.#bad(replies.badLineEnd)
    else await this.#run(command)
  }

  /** However many lines a stranger sends, the time for all of them is one. Attack: slowloris by NOOP. */
  #commandMs(): number {
    const { commandMs } = this.#needs.limits
    if (this.#isKnown) return commandMs
    return Math.min(commandMs, this.#strangerUntilMs - performance.now())
  }

  #noteWhoItIs(): void {
    this.#isKnown = this.#needs.taker.refuseClient(this.#client()) === undefined
    if (this.#isKnown) this.#needs.becomeKnown()
  }

  #run(command: Command): Promise<void> {
    switch (command.verb) {
      case 'EHLO':
        return this.#ehlo(command.rest)
      case 'HELO':
        return this.#helo(command.rest)
      case 'MAIL':
        return this.#mail(command.rest)
      case 'RCPT':
        return this.#rcpt(command.rest)
      case 'DATA':
        return this.#data(command.rest)
      case 'RSET':
        this.#endTransaction()
        return this.#answer(replies.ok)
      case 'NOOP':
        return this.#answer(replies.ok)
      case 'QUIT':
        return this.#leave(replies.goodbye)
      case 'STARTTLS':
        return this.#startTls(command.rest)
      case 'AUTH':
        return this.#auth(command.rest)
      case 'VRFY':
        return this.#answer(replies.cannotVerify)
      case 'HELP':
        return this.#answer(replies.help)
      case 'EXPN':
      case 'TURN':
        return this.#bad(replies.notOffered)
      // What follows is a mail, not commands, and without CHUNKING nobody knows where it ends. Attack: SMTP smuggling.
      case 'BDAT':
        return this.#leave(replies.notOffered)
      default:
        return isHttp(command.verb)
          ? this.#leave(replies.noWebServer)
          : this.#bad(replies.unknownCommand)
    }
  }

  async #ehlo(name: string): Promise<void> {
    if (name === '') return this.#bad(replies.badSyntax)
    this.#endTransaction()
    this.#offer = await this.#needs.taker.offer()
    this.#greeted = true
    await this.#answer({ code: 250, lines: [this.#needs.hostname, ...this.#keywords(this.#offer)] })
  }

  #keywords(offer: Offer): readonly string[] {
    const mayStartTls = this.#needs.startTls !== undefined && !this.#secured
    const mayAuth = this.#needs.offersAuth && this.#secured && this.#user === undefined
    return [
      'PIPELINING',
      `SIZE ${offer.maxBytes}`,
      'ENHANCEDSTATUSCODES',
      ...(offer.eightBit ? ['8BITMIME'] : []),
      ...(offer.utf8 ? ['SMTPUTF8'] : []),
      ...(offer.dsn ? ['DSN'] : []),
      ...(mayStartTls ? ['STARTTLS'] : []),
      ...(mayAuth ? ['AUTH PLAIN LOGIN'] : []),
    ]
  }

  async #helo(name: string): Promise<void> {
    if (name === '') return this.#bad(replies.badSyntax)
    this.#endTransaction()
    const offer = await this.#needs.taker.offer()
    this.#offer = { ...offer, eightBit: false, utf8: false, dsn: false }
    this.#greeted = true
    await this.#answer(reply(250, this.#needs.hostname))
  }

  async #mail(rest: string): Promise<void> {
    const offer = this.#offer
    if (!this.#greeted || offer === undefined || this.isBusy) return this.#bad(replies.badSequence)
    const refusal = this.#needs.taker.refuseClient(this.#client())
    if (refusal !== undefined) return this.#bad(refusal)
    const mail = parseMail(rest, offer)
    if (!mail.ok) return this.#bad(mail.reply)
    if (!isSender(mail.value.path)) return this.#bad(replies.badSender)
    if ((mail.value.size ?? 0) > offer.maxBytes) return this.#answer(replies.tooLarge)
    this.#transaction = this.#needs.taker.begin(mail.value, this.#client())
    this.#utf8 = mail.value.utf8
    this.#accepted = 0
    this.#asked = 0
    await this.#answer(replies.senderOk)
  }

  #client(): Client {
    return {
      address: this.#needs.address,
      user: this.#user,
      certificate: this.#certificate,
    }
  }

  async #rcpt(rest: string): Promise<void> {
    const transaction = this.#transaction
    const offer = this.#offer
    if (transaction === undefined || offer === undefined) return this.#bad(replies.badSequence)
    const recipient = parseRcpt(rest, offer, this.#utf8)
    if (!recipient.ok) return this.#bad(recipient.reply)
    if (this.#asked >= this.#needs.limits.recipients) return this.#answer(replies.tooManyRecipients)
    this.#asked++
    const answer = await transaction.recipient(recipient.value)
    if (isSuccess(answer)) this.#accepted++
    await this.#answer(answer)
  }

  async #data(rest: string): Promise<void> {
    const transaction = this.#transaction
    if (transaction === undefined) return this.#noData(replies.badSequence)
    if (rest !== '') return this.#noData(replies.badSyntax)
    if (this.#accepted === 0) return this.#noData(replies.noRecipients)
    await this.#answer(replies.startData)
    const source = this.#source()
    const answer = await transaction.deliver(source)
    const reason = await this.#drain(source)
    this.#endTransaction()
    await this.#answer(reason ?? answer)
  }

  /**
   * RFC 2920 §3.1: a client waits for the answer to DATA. What came with it is the mail of one that did not. Attack: a
   * mail that is made of commands.
   */
  #noData(answer: Reply): Promise<void> {
    if (this.#reader.hasMore) return this.#leave(answer)
    return answer === replies.noRecipients ? this.#answer(answer) : this.#bad(answer)
  }

  #source(): MailSource {
    const { limits } = this.#needs
    const maxBytes = this.#offer?.maxBytes ?? 0
    return new MailSource(this.#reader, {
      maxBytes,
      pieceMs: limits.dataPieceMs,
      totalMs: limits.dataMs,
      drainBytes: maxBytes * limits.drainFactor,
    })
  }

  /** Reads what is left of a refused mail. */
  async #drain(source: MailSource): Promise<Reply | undefined> {
    try {
      const reason = await source.drain()
      if (reason === null) return undefined
      return reason === 'too-large' ? replies.tooLarge : replies.endOfDataLookalike
    } catch (error) {
      if (error instanceof SourceError && error.code === 'too-large') {
        this.#ended = true
        return replies.tooLarge
      }
      throw error
    }
  }

  async #startTls(rest: string): Promise<void> {
    const { startTls } = this.#needs
    if (startTls === undefined) return this.#bad(replies.tlsUnavailable)
    if (this.#secured) return this.#bad(replies.badSequence)
    // RFC 3207 §4: nothing may follow in plain text. Attack: commands injected before the handshake.
    if (rest !== '' || this.#reader.hasMore) return this.#leave(replies.badSyntax)
    this.#endTransaction()
    await this.#answer(replies.startTls)
    this.#reader.detach()
    this.#socket.off('close', this.#onClose)
    const secured = await startTls(this.#socket)
    this.#socket = secured.socket
    this.#certificate = secured.certificate
    this.#secured = true
    this.#greeted = false
    this.#offer = undefined
    this.#user = undefined
    this.#reader = this.#attach(secured.socket)
    this.#noteWhoItIs()
  }

  async #auth(rest: string): Promise<void> {
    if (!this.#needs.offersAuth) return this.#bad(replies.notOffered)
    if (!this.#secured) return this.#bad(replies.tlsFirst)
    if (!this.#greeted || this.#user !== undefined || this.isBusy)
      return this.#bad(replies.badSequence)
    const credentials = await readCredentials(rest, challenge => this.#ask(challenge))
    if (credentials === 'unknown-mechanism') return this.#bad(replies.unknownMechanism)
    if (credentials === null) return this.#bad(replies.authCancelled)
    const { user, password } = credentials
    const signIn = await this.#needs.taker.signIn(user, password, this.#needs.address)
    if (signIn === 'too-many') return this.#leave(replies.tooManyAuthFailures)
    if (signIn === 'signed-in') {
      this.#user = user
      this.#noteWhoItIs()
      return this.#answer(replies.signedIn)
    }
    this.#authFailures++
    const last = this.#authFailures >= this.#needs.limits.authFailures
    return last ? this.#leave(replies.tooManyAuthFailures) : this.#answer(replies.wrongPassword)
  }

  async #ask(challenge: 'empty' | 'user-name' | 'password'): Promise<string | null> {
    const questions = {
      empty: replies.emptyChallenge,
      'user-name': replies.userName,
      password: replies.password,
    }
    await this.#answer(questions[challenge])
    const { authLineBytes } = this.#needs.limits
    const line = await this.#reader.line(this.#commandMs(), authLineBytes)
    return line === null || line === 'too-long' ? null : lineText(line)
  }

  #endTransaction(): void {
    this.#transaction?.abandon()
    this.#transaction = undefined
  }

  async #bad(answer: Reply): Promise<void> {
    this.#badCommands++
    const tooMany = this.#badCommands > this.#needs.limits.badCommands
    await (tooMany ? this.#leave(replies.tooManyBadCommands) : this.#answer(answer))
  }

  async #leave(answer: Reply): Promise<void> {
    this.#ended = true
    await this.#answer(answer)
  }

  #answer(answer: Reply): Promise<void> {
    return writeSocket(this.#socket, formatReply(answer), this.#needs.limits.writeMs)
  }
}

/** The envelope's sender is passed on as it is; it may only not break the command that carries it. */
function isSender(path: string): boolean {
  return /^(?:"(?:[^"\\]|\\.)*"@)?[^\s<>"]*$/u.test(path)
}

/**
 * A request of HTTP. Attack: a page that somebody inside visits posts commands to this port, from a network that may send
 * without a password; a browser's fields are fewer than the bad commands that are let pass.
 */
function isHttp(verb: string): boolean {
  return /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|PRI)$|:$/.test(verb)
}
