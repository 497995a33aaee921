/** Half a rendering frame, so that what a step takes too long is still no task of 50 ms. */
const maxBusyMs = 8

/** Lets the page live during long work: it draws, and answers keys and clicks, between two steps. */
export class Pace {
  readonly #stopped: AbortSignal
  readonly #channel = new MessageChannel()
  #sinceMs = performance.now()

  #goOn: () => void = () => undefined

  constructor(stopped: AbortSignal) {
    this.#stopped = stopped
    this.#channel.port1.addEventListener('message', () => this.#goOn())
    this.#channel.port1.start()
  }

  /**
   * To be awaited between any two steps; pauses only when it is time.
   * @throws what the work was stopped with
   */
  async step(): Promise<void> {
    if (performance.now() - this.#sinceMs > maxBusyMs) await this.pause()
  }

  /** @throws what the work was stopped with */
  async pause(): Promise<void> {
    await this.#turn()
    this.#stopped.throwIfAborted()
    this.#sinceMs = performance.now()
  }

  /** A turn of the event loop; a timer would be slowed down to 4 ms, and in hidden tabs to a second. */
  #turn(): Promise<void> {
    return new Promise(resolve => {
      this.#goOn = resolve
      this.#channel.port2.postMessage(null)
    })
  }
}
