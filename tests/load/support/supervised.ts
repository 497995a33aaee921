import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A program that is started again each time it is killed. */
export class Supervised {
  readonly #script: URL
  readonly #parameters: readonly string[]
  #child: ChildProcess | undefined
  kills = 0

  /** The script says that it is ready by a first line on its standard output. */
  constructor(script: URL, parameters: readonly string[]) {
    this.#script = script
    this.#parameters = parameters
  }

  /** Ends when it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.#script.pathname, ...this.#parameters], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    let words = ''
    child.stderr.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-1000)))
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${words}`)
  }

  /** SIGKILL: it gets no chance to do anything. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    this.kills++
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}
