import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

/** A mail that the next hop has said 250 to. */
export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  /** Dots taken away. */
  readonly content: Buffer
  readonly mailLine: string
  readonly rcptLines: readonly string[]
}

export interface HopScript {
  readonly greeting?: string
  /** What EHLO offers; default: all that a modern server has. */
  readonly keywords?: readonly string[]
  readonly ehlo?: string
  /** Undefined: the usual answer. Null: none, the connection is closed. */
  readonly mail?: (line: string) => string | null | undefined
  readonly rcpt?: (line: string) => string | null | undefined
  readonly data?: () => string | null | undefined
  readonly dot?: (mail: TakenMail) => string | null | undefined
  /** The answer to the final dot waits for it. */
  readonly dotAfter?: Promise<void>
  /** Answers nothing at this verb, or after this many bytes of DATA. */
  readonly hangAt?: string
  /** Breaks the connection once this many bytes of DATA have come. */
  readonly breakAfterBytes?: number
  /** Reads nothing more once this many bytes of DATA have come. */
  readonly stallAfterBytes?: number
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly implicitTls?: boolean
  /** Sent in plain text right behind the answer to STARTTLS. */
  readonly injectAfterStartTls?: string
}

export const allKeywords = [
  'PIPELINING',
  'SIZE 104857600',
  '8BITMIME',
  'SMTPUTF8',
  'DSN',
  'ENHANCEDSTATUSCODES',
]

/** A next hop written by hand, independent of the code under test, that does as it is told. */
export class ScriptedHop {
  readonly taken: TakenMail[] = []
  /** Every command line, in order, of all connections. */
  readonly lines: string[] = []
  /** Every byte that came, TLS taken away. */
  bytes = Buffer.alloc(0)
  plainBytes = 0
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  script: HopScript

  private constructor(script: HopScript) {
    this.script = script
    this.#server = createServer({ noDelay: true }, socket => {
      this.connections++
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {})
      const secured = this.script.implicitTls === true ? this.#secure(socket) : socket
      new HopConnection(this, secured).start()
    })
  }

  static async start(script: HopScript = {}, port = 0): Promise<ScriptedHop> {
    const hop = new ScriptedHop(script)
    await new Promise<void>(resolve => hop.#server.listen(port, '127.0.0.1', resolve))
    return hop
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get openConnections(): number {
    return this.#sockets.size
  }

  secure(socket: Socket): TLSSocket {
    return this.#secure(socket)
  }

  #secure(socket: Socket): TLSSocket {
    const { tls } = this.script
    if (tls === undefined) throw new Error('the script has no certificate')
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext(tls),
    })
    secured.on('error', () => {})
    return secured
  }

  /** Breaks every connection. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    this.drop()
    if (!this.#server.listening) return
    await new Promise(resolve => this.#server.close(resolve))
  }
}

class HopConnection {
  readonly #hop: ScriptedHop
  #socket: Socket
  #held = Buffer.alloc(0)
  #inData = false
  #dataBytes = 0
  #from = ''
  #to: string[] = []
  #mailLine = ''
  #rcptLines: string[] = []

  constructor(hop: ScriptedHop, socket: Socket) {
    this.#hop = hop
    this.#socket = socket
  }

  start(): void {
    this.#listen()
    this.#say(this.#hop.script.greeting ?? '220 hop.test ESMTP')
  }

  #listen(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      this.#hop.bytes = Buffer.concat([this.#hop.bytes, bytes])
      if (!(this.#socket instanceof TLSSocket)) this.#hop.plainBytes += bytes.length
      this.#held = Buffer.concat([this.#held, bytes])
      this.#work()
    })
  }

  #say(answer: string | null): void {
    if (answer === null) this.#socket.destroy()
    else this.#socket.write(`${answer}\r\n`)
  }

  #work(): void {
    while (!this.#socket.destroyed) {
      if (this.#inData) {
        if (!this.#data()) return
      } else {
        const end = this.#held.indexOf('\r\n')
        if (end === -1) return
        const line = this.#held.subarray(0, end).toString('utf8')
        this.#held = this.#held.subarray(end + 2)
        this.#hop.lines.push(line)
        this.#command(line)
      }
    }
  }

  #command(line: string): void {
    const { script } = this.#hop
    const verb = line.split(' ')[0]?.toUpperCase() ?? ''
    if (script.hangAt === verb) return
    if (verb === 'EHLO') return this.#say(script.ehlo ?? this.#ehlo())
    if (verb === 'HELO') return this.#say('250 hop.test')
    if (verb === 'MAIL') return this.#mail(line)
    if (verb === 'RCPT') return this.#rcpt(line)
    if (verb === 'DATA') return this.#startData()
    if (verb === 'STARTTLS') return this.#startTls()
    if (verb === 'AUTH') return this.#say(this.#auth(line))
    if (verb === 'RSET') this.#reset()
    this.#say(verb === 'QUIT' ? '221 2.0.0 Bye' : '250 2.0.0 OK')
  }

  #ehlo(): string {
    const { script } = this.#hop
    const tls = script.tls !== undefined && !(this.#socket instanceof TLSSocket)
    const lines = ['hop.test', ...(script.keywords ?? allKeywords), ...(tls ? ['STARTTLS'] : [])]
    return lines.map((line, at) => `250${at < lines.length - 1 ? '-' : ' '}${line}`).join('\r\n')
  }

  #auth(line: string): string {
    const text = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString()
    return text === '\0gateway\0secret' ? '235 2.7.0 OK' : '535 5.7.8 No'
  }

  #mail(line: string): void {
    const answer = this.#hop.script.mail?.(line)
    if (answer === undefined) {
      this.#reset()
      this.#mailLine = line
      this.#from = /<(.*)>/.exec(line)?.[1] ?? ''
    }
    this.#say(answer === undefined ? '250 2.1.0 OK' : answer)
  }

  #rcpt(line: string): void {
    if (this.#mailLine === '') return this.#say('503 5.5.1 MAIL first')
    const scripted = this.#hop.script.rcpt?.(line)
    const answer = scripted === undefined ? '250 2.1.5 OK' : scripted
    if (answer?.startsWith('2')) {
      this.#to.push(/<(.*?)>/.exec(line)?.[1] ?? '')
      this.#rcptLines.push(line)
    }
    this.#say(answer)
  }

  #startData(): void {
    const answer = this.#hop.script.data?.()
    if (answer === undefined) {
      this.#inData = true
      this.#dataBytes = 0
    }
    this.#say(answer === undefined ? '354 Go on' : answer)
  }

  #startTls(): void {
    this.#socket.removeAllListeners('data')
    this.#socket.write(`220 2.0.0 Go\r\n${this.#hop.script.injectAfterStartTls ?? ''}`)
    this.#held = Buffer.alloc(0)
    this.#socket = this.#hop.secure(this.#socket)
    this.#listen()
  }

  /** True when the end has come. */
  #data(): boolean {
    const { script } = this.#hop
    const seen = this.#held.length
    if (script.breakAfterBytes !== undefined && seen >= script.breakAfterBytes) {
      this.#socket.destroy()
      return false
    }
    if (script.stallAfterBytes !== undefined && seen >= script.stallAfterBytes) {
      this.#socket.pause()
      return false
    }
    const atStart = this.#held.subarray(0, 3).toString('latin1') === '.\r\n'
    const end = atStart ? -2 : this.#held.indexOf('\r\n.\r\n', Math.max(0, this.#dataBytes - 4))
    this.#dataBytes = seen
    if (end === -1) return false
    const content = this.#held.subarray(0, Math.max(0, end + 2)).toString('latin1')
    this.#held = this.#held.subarray(end + 5)
    this.#inData = false
    this.#dataBytes = 0
    this.#take(Buffer.from(content.replace(/(^|\r\n)\.\./g, '$1.'), 'latin1'))
    return true
  }

  #take(content: Buffer): void {
    const mail = {
      from: this.#from,
      to: this.#to,
      content,
      mailLine: this.#mailLine,
      rcptLines: this.#rcptLines,
    }
    const answer = this.#hop.script.dot?.(mail)
    if (answer === undefined || answer?.startsWith('2')) this.#hop.taken.push(mail)
    this.#reset()
    if (this.#hop.script.hangAt === '.') return
    const say = () => this.#say(answer === undefined ? '250 2.0.0 Taken' : answer)
    const { dotAfter } = this.#hop.script
    if (dotAfter === undefined) say()
    else void dotAfter.then(say)
  }

  #reset(): void {
    this.#from = ''
    this.#mailLine = ''
    this.#to = []
    this.#rcptLines = []
  }
}
