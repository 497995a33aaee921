import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { once } from 'node:events'

export interface Answer {
  readonly code: number
  readonly text: string
}

/** A client that sends exactly the bytes it is told to. */
export class RawClient {
  socket: Socket
  #received = ''
  #ended = false
  #wake: (() => void) | undefined
  /** Empty before the greeting. */
  lastAnswer = ''

  private constructor(socket: Socket) {
    this.socket = socket
    this.#listen()
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  static async connectTls(port: number, options: object = {}): Promise<RawClient> {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    await once(socket, 'secureConnect')
    return new RawClient(socket)
  }

  /** Takes the connection into TLS. */
  async upgrade(options: object = {}): Promise<void> {
    this.socket.removeAllListeners()
    const socket = connectTls({ socket: this.socket, rejectUnauthorized: false, ...options })
    await once(socket, 'secureConnect')
    this.socket = socket
    this.#listen()
  }

  get isEnded(): boolean {
    return this.#ended
  }

  #listen(): void {
    this.socket.setEncoding('latin1')
    this.socket.on('data', text => {
      this.#received += String(text)
      this.#wake?.()
    })
    const end = () => {
      this.#ended = true
      this.#wake?.()
    }
    this.socket.on('end', end)
    this.socket.on('close', end)
    this.socket.on('error', end)
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  /** The next reply; code 0 when the connection ended instead. */
  async answer(): Promise<Answer> {
    for (;;) {
      const match = /^(?:\d{3}-[^\r\n]*\r\n)*(\d{3})(?: [^\r\n]*)?\r\n/.exec(this.#received)
      if (match !== null) {
        this.#received = this.#received.slice(match[0].length)
        this.lastAnswer = match[0]
        return { code: Number(match[1]), text: match[0] }
      }
      if (this.#ended) return { code: 0, text: this.#received }
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }

  command(line: string): Promise<Answer> {
    this.send(`${line}\r\n`)
    return this.answer()
  }

  /** Waits until the other side has closed. */
  async ended(): Promise<void> {
    while (!this.#ended) await new Promise<void>(resolve => (this.#wake = resolve))
  }

  close(): void {
    this.socket.destroy()
  }
}

/** Content as it goes into DATA: dots doubled, a line end added when there is none, the final dot. */
export function dataOf(content: string | Uint8Array): Buffer {
  const text = Buffer.from(content).toString('latin1')
  const stuffed = text.replace(/(^|\r\n)\./g, '$1..')
  const end = stuffed === '' || stuffed.endsWith('\r\n') ? '.\r\n' : '\r\n.\r\n'
  return Buffer.from(stuffed + end, 'latin1')
}

export interface Sent {
  readonly from?: string
  readonly to: readonly string[]
  readonly mail: string | Uint8Array
  /** After `MAIL FROM:<…>`. */
  readonly mailParameters?: string
}

/** A whole mail on a new connection; the answers to each step. */
export async function sendMail(
  port: number,
  sent: Sent,
): Promise<{ mail: Answer; rcpt: Answer[]; data: Answer }> {
  const client = await RawClient.connect(port)
  try {
    await client.answer()
    await client.command('EHLO client.test')
    return await sendOn(client, sent)
  } finally {
    client.close()
  }
}

/** A whole mail on a connection that has said EHLO. */
export async function sendOn(
  client: RawClient,
  sent: Sent,
): Promise<{ mail: Answer; rcpt: Answer[]; data: Answer }> {
  const { from = 'alice@example.com', to, mailParameters = '' } = sent
  const mail = await client.command(`MAIL FROM:<${from}>${mailParameters}`)
  const rcpt: Answer[] = []
  for (const address of to) rcpt.push(await client.command(`RCPT TO:<${address}>`))
  let data = await client.command('DATA')
  if (data.code === 354) {
    client.send(dataOf(sent.mail))
    data = await client.answer()
  }
  return { mail, rcpt, data }
}
