import type { Socket } from 'node:net'
import type { GatewayLimits } from '../limits.ts'
import { isSuccess } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'
import { SocketError, SocketReader } from '../smtp/socket-reader.ts'
import { writeSocket } from '../smtp/write-socket.ts'
import { connectSocket, connectTls, isEncrypted } from './connect-socket.ts'
import { DataEncoder } from './data-encoder.ts'
import { NextHopError } from './next-hop-error.ts'
import type { NextHopSettings } from './next-hop-settings.ts'

/** What the next hop said to EHLO: keyword in upper case → its parameters. RFC 5321 §4.1.1.1 */
export type Keywords = ReadonlyMap<string, string>

const CR = 0x0d
/** The next hop's answer to QUIT is not worth more. */
const quitMs = 1000
/** Pieces smaller than this wait for more: each write is a call into the kernel. */
const packetBytes = 32 * 1024
const nothingToWait = Promise.resolve()
const replyLine = /^([2-5]\d\d)(?:([ -])(.*))?$/s

/**
 * One connection to the next mail server: commands and answers as they are, mail bytes as they are.
 * Every method throws {@link NextHopError}; after one the connection is destroyed.
 */
export class NextHopConnection {
  #socket: Socket
  #reader: SocketReader
  #keywords: Keywords = new Map()
  readonly #limits: GatewayLimits
  #encoder = new DataEncoder()
  #pending: Buffer[] = []
  #pendingBytes = 0
  #broken = false
  /** Mails that were begun on this connection. */
  mails = 0

  private constructor(socket: Socket, limits: GatewayLimits) {
    this.#socket = socket
    this.#reader = new SocketReader(socket)
    this.#limits = limits
  }

  /** Connects, secures and introduces: ready for MAIL. */
  static async open(settings: NextHopSettings, limits: GatewayLimits): Promise<NextHopConnection> {
    const socket = await connectSocket(settings, limits)
    const connection = new NextHopConnection(socket, limits)
    try {
      await connection.#introduce(settings)
      return connection
    } catch (error) {
      connection.destroy()
      throw error
    }
  }

  get keywords(): Keywords {
    return this.#keywords
  }

  /** True when the connection may be used for another mail. */
  get isUsable(): boolean {
    return !this.#broken && this.#socket.writable && !this.#reader.hasMore
  }

  /** Sends a command and reads its answer. */
  async command(line: string, limitMs: number): Promise<Reply> {
    await this.#write(`${line}\r\n`)
    return this.readReply(limitMs)
  }

  /** Sends commands in one go (RFC 2920) where that is offered; answers in their order. */
  async commands(lines: readonly string[], limitMs: number): Promise<readonly Reply[]> {
    const answers: Reply[] = []
    if (this.#keywords.has('PIPELINING')) {
      await this.#write(lines.map(line => `${line}\r\n`).join(''))
      for (const _ of lines) answers.push(await this.readReply(limitMs))
    } else {
      for (const line of lines) answers.push(await this.command(line, limitMs))
    }
    return answers
  }

  /** DATA; the answer is 354 or a refusal. Attack: a success that is none, by which a mail would be lost. */
  async startData(): Promise<Reply> {
    this.#encoder = new DataEncoder()
    this.#takePending()
    const answer = await this.command('DATA', this.#limits.dataStartMs)
    return answer.code === 354 || answer.code >= 400 ? answer : this.#badReply()
  }

  /** Content of the mail; waits until the next hop takes more. Small pieces go together. */
  writeData(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.#pending.push(this.#encoder.push(piece))
      this.#pendingBytes += piece.length
    }
    return this.#pendingBytes < packetBytes ? nothingToWait : this.flushData()
  }

  /** Hands all content to the network. */
  flushData(): Promise<void> {
    if (this.#pending.length === 0) return nothingToWait
    return this.#write(this.#takePending())
  }

  /** The final dot, from which on the mail is the next hop's, and its answer. */
  async finishData(): Promise<Reply> {
    if (this.#reader.hasMore) return this.#earlyAnswer()
    this.#pending.push(this.#encoder.finish())
    await this.#write(this.#takePending())
    return this.readReply(this.#limits.finalDotMs)
  }

  /** Before the final dot a mail may be refused, and never be taken: what says so answers something else. */
  async #earlyAnswer(): Promise<Reply> {
    const answer = await this.readReply(this.#limits.finalDotMs)
    this.destroy()
    return answer.code >= 400 ? answer : this.#badReply()
  }

  /** RFC 5321 §4.2: lines of one reply carry one code. */
  async readReply(limitMs: number): Promise<Reply> {
    const untilMs = performance.now() + limitMs
    const lines: string[] = []
    let first: string | undefined
    for (;;) {
      const line = await this.#readLine(untilMs - performance.now())
      const [, code = '', separator = ' ', text = ''] = replyLine.exec(line) ?? this.#badReply()
      first ??= code
      if (code !== first) this.#badReply()
      lines.push(text)
      if (separator === ' ') return { code: Number(code), lines }
      if (lines.length >= this.#limits.replyLines) this.#badReply()
    }
  }

  /** Ends without a final dot: what was begun is not delivered. */
  destroy(): void {
    this.#broken = true
    this.#socket.destroy()
  }

  /** Ends politely; does not wait for the answer. */
  quit(): void {
    this.#broken = true
    this.#socket.end('QUIT\r\n')
    const timer = setTimeout(() => this.#socket.destroy(), quitMs)
    this.#socket.once('close', () => clearTimeout(timer))
    this.#socket.resume()
  }

  #takePending(): readonly Buffer[] {
    const pieces = this.#pending
    this.#pending = []
    this.#pendingBytes = 0
    return pieces
  }

  async #introduce(settings: NextHopSettings): Promise<void> {
    const greeting = await this.readReply(this.#limits.greetingMs)
    if (greeting.code !== 220) throw new NextHopError('refused', { reply: greeting })
    await this.#ehlo(settings.heloName)
    await this.#secure(settings)
    if (settings.credentials !== undefined) await this.#signIn(settings)
  }

  async #ehlo(name: string): Promise<void> {
    const limitMs = this.#limits.nextHopCommandMs
    const answer = await this.command(`EHLO ${name}`, limitMs)
    if (isSuccess(answer)) {
      this.#keywords = readKeywords(answer)
      return
    }
    const older = await this.command(`HELO ${name}`, limitMs)
    if (!isSuccess(older)) throw new NextHopError('refused', { reply: older })
    this.#keywords = new Map()
  }

  async #secure(settings: NextHopSettings): Promise<void> {
    if (settings.tls === 'none' || settings.tls === 'implicit') return
    if (!this.#keywords.has('STARTTLS')) {
      if (settings.tls === 'opportunistic') return
      throw new NextHopError('tls-not-offered')
    }
    await this.#startTls(settings)
    await this.#ehlo(settings.heloName)
  }

  async #startTls(settings: NextHopSettings): Promise<void> {
    const answer = await this.command('STARTTLS', this.#limits.nextHopCommandMs)
    if (answer.code !== 220) throw new NextHopError('tls-not-offered', { reply: answer })
    // RFC 3207 §5. Attack: plain text after the answer, read later as if it came through TLS.
    if (this.#reader.hasMore) throw new NextHopError('tls-failed')
    this.#reader.detach()
    this.#keywords = new Map()
    this.#socket = await connectTls(this.#socket, settings, this.#limits.handshakeMs)
    this.#reader = new SocketReader(this.#socket)
  }

  async #signIn(settings: NextHopSettings): Promise<void> {
    const { credentials, tls } = settings
    if (credentials === undefined) return
    // A password goes over plain text only where the configuration says `tls: none`.
    if (!isEncrypted(this.#socket) && tls !== 'none') throw new NextHopError('tls-not-offered')
    const offered = (this.#keywords.get('AUTH') ?? '').toUpperCase().split(' ')
    const answer = offered.includes('PLAIN')
      ? await this.#authPlain(credentials)
      : await this.#authLogin(credentials)
    if (answer.code !== 235) throw new NextHopError('sign-in-failed', { reply: answer })
  }

  #authPlain(credentials: { user: string; password: string }): Promise<Reply> {
    const text = toBase64(`\0${credentials.user}\0${credentials.password}`)
    return this.command(`AUTH PLAIN ${text}`, this.#limits.nextHopCommandMs)
  }

  async #authLogin(credentials: { user: string; password: string }): Promise<Reply> {
    const limitMs = this.#limits.nextHopCommandMs
    let answer = await this.command('AUTH LOGIN', limitMs)
    if (answer.code === 334) answer = await this.command(toBase64(credentials.user), limitMs)
    if (answer.code === 334) answer = await this.command(toBase64(credentials.password), limitMs)
    return answer
  }

  async #write(bytes: Buffer | string | readonly Buffer[]): Promise<void> {
    try {
      await writeSocket(this.#socket, bytes, this.#limits.dataWriteMs)
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async #readLine(limitMs: number): Promise<string> {
    try {
      const line = await this.#reader.line(limitMs, this.#limits.replyLineBytes)
      if (line === null) throw new SocketError('lost')
      if (line === 'too-long') return this.#badReply()
      const end = line[line.length - 2] === CR ? -2 : -1
      return line.subarray(0, end).toString('latin1')
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #failure(error: unknown): unknown {
    this.destroy()
    return error instanceof SocketError ? new NextHopError(error.code, { cause: error }) : error
  }

  #badReply(): never {
    this.destroy()
    throw new NextHopError('bad-reply')
  }
}

function readKeywords(answer: Reply): Keywords {
  return new Map(
    answer.lines.slice(1).map(line => {
      const [keyword = '', ...parameters] = line.trim().replace('=', ' ').split(/ +/)
      return [keyword.toUpperCase(), parameters.join(' ')]
    }),
  )
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
