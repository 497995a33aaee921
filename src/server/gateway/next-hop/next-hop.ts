import type { GatewayLimits } from '../limits.ts'
import { NextHopConnection } from './next-hop-connection.ts'
import type { Keywords } from './next-hop-connection.ts'
import type { NextHopSettings } from './next-hop-settings.ts'

interface IdleConnection {
  readonly connection: NextHopConnection
  readonly sinceMs: number
}

/** The next mail server: connections that are kept for the next mail, and what it offers. */
export class NextHop {
  readonly #settings: NextHopSettings
  readonly #limits: GatewayLimits
  readonly #idle: IdleConnection[] = []
  #closed = false
  #keywords: Keywords | undefined
  #askFromMs = 0
  #asking: Promise<void> | undefined
  #sweeper: NodeJS.Timeout | undefined

  constructor(settings: NextHopSettings, limits: GatewayLimits) {
    this.#settings = settings
    this.#limits = limits
  }

  /** A connection that an earlier mail left, if there is one that still seems to work. */
  takeIdle(): NextHopConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (this.#isFresh(idle)) return idle.connection
      idle.connection.destroy()
    }
    return undefined
  }

  /** @throws {NextHopError} */
  async open(): Promise<NextHopConnection> {
    const connection = await NextHopConnection.open(this.#settings, this.#limits)
    this.#learn(connection.keywords)
    return connection
  }

  /** Takes a connection back that stands between two mails. */
  release(connection: NextHopConnection): void {
    const { idleConnections, mailsOfConnection } = this.#limits
    const spent = connection.mails >= mailsOfConnection || this.#idle.length >= idleConnections
    if (!connection.isUsable) connection.destroy()
    else if (spent || this.#closed) connection.quit()
    else this.#keep(connection)
  }

  /**
   * What it offers, at most a minute old; while it does not answer, what it offered last;
   * undefined when it was never reached.
   */
  async keywords(): Promise<Keywords | undefined> {
    const nowMs = performance.now()
    if (nowMs >= this.#askFromMs) this.#asking ??= this.#ask()
    await this.#asking
    return this.#keywords
  }

  /** It answered otherwise than it offered: ask again. */
  forgetKeywords(): void {
    this.#askFromMs = 0
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#sweeper)
    for (const { connection } of this.#idle.splice(0)) connection.quit()
  }

  async #ask(): Promise<void> {
    try {
      this.release(await this.open())
    } catch {
      // Its absence shows at RCPT, where there is an answer for it.
      this.#askFromMs = performance.now() + this.#limits.keywordsRetryMs
    } finally {
      this.#asking = undefined
    }
  }

  #learn(keywords: Keywords): void {
    this.#keywords = keywords
    this.#askFromMs = performance.now() + this.#limits.keywordsMs
  }

  #keep(connection: NextHopConnection): void {
    this.#idle.push({ connection, sinceMs: performance.now() })
    this.#sweeper ??= setInterval(() => this.#sweep(), this.#limits.idleConnectionMs).unref()
  }

  /** Ends what has been idle for too long; the oldest stand first. */
  #sweep(): void {
    for (
      let idle = this.#idle[0];
      idle !== undefined && !this.#isFresh(idle);
      idle = this.#idle[0]
    ) {
      this.#idle.shift()
      idle.connection.quit()
    }
  }

  #isFresh(idle: IdleConnection): boolean {
    return (
      idle.connection.isUsable && performance.now() - idle.sinceMs < this.#limits.idleConnectionMs
    )
  }
}
