import { setTimeout as delay } from 'node:timers/promises'
import { RawClient, sendOn } from '../../server/gateway/support/raw-client.ts'
import type { Sent } from '../../server/gateway/support/raw-client.ts'
import { within } from './within.ts'

const retryMs = 30

/** Does what a mail server does: tries again until the answer is 250. */
export class RetryingClient {
  readonly #port: number
  #client: RawClient | undefined
  #lastAnswer = ''
  #isClosed = false
  /** Tries that were not answered with 250. */
  failures = 0

  constructor(port: number) {
    this.#port = port
  }

  /** @throws when it is refused for good, or not taken for long */
  async send(sent: Sent): Promise<void> {
    await within(this.#untilTaken(sent), () => `a mail to ${sent.to.join()}: ${this.#state}`)
  }

  close(): void {
    this.#isClosed = true
    this.#client?.close()
  }

  async #untilTaken(sent: Sent): Promise<void> {
    while (!this.#isClosed && !(await this.#try(sent))) {
      this.failures++
      await delay(retryMs)
    }
  }

  async #try(sent: Sent): Promise<boolean> {
    try {
      const client = await this.#connected()
      const { rcpt, data } = await sendOn(client, sent)
      const permanent = [...rcpt, data].find(({ code }) => code >= 500 && code !== 503)
      if (permanent !== undefined) throw new RangeError(`refused for good: ${permanent.text}`)
      if (data.code === 250 && rcpt.every(({ code }) => code === 250)) return true
    } catch (error) {
      if (error instanceof RangeError) throw error
    }
    this.#lastAnswer = this.#client?.lastAnswer ?? ''
    this.#client?.close()
    this.#client = undefined
    return false
  }

  get #state(): string {
    const heard = JSON.stringify(this.#client?.lastAnswer ?? this.#lastAnswer)
    const connection = this.#client === undefined ? 'no connection' : 'connected'
    return `${this.failures} failures, ${connection}, last answer ${heard}`
  }

  async #connected(): Promise<RawClient> {
    if (this.#client !== undefined) return this.#client
    const client = await RawClient.connect(this.#port)
    await client.answer()
    await client.command('EHLO load.test')
    this.#client = client
    return client
  }
}
