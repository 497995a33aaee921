import { setTimeout as delay } from 'node:timers/promises'
import { RawClient, sendOn } from '../../server/gateway/support/raw-client.ts'
import type { Sent } from '../../server/gateway/support/raw-client.ts'

const retryMs = 30

/** Does what a mail server does: tries again until the answer is 250. */
export class RetryingClient {
  readonly #port: number
  #client: RawClient | undefined
  /** Tries that were not answered with 250. */
  failures = 0

  constructor(port: number) {
    this.#port = port
  }

  async send(sent: Sent): Promise<void> {
    while (!(await this.#try(sent))) {
      this.failures++
      await delay(retryMs)
    }
  }

  close(): void {
    this.#client?.close()
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
    this.#client?.close()
    this.#client = undefined
    return false
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
