import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { within } from './within.ts'

/** A program that is started again each time it is killed. */
export class Supervised {
  readonly #name: string
  readonly #script: URL
  readonly #parameters: readonly string[]
  #child: ChildProcess | undefined
  #stderr = ''
  #isOver = false
  kills = 0

  /** The script says that it is ready by a first line on its standard output. */
  constructor(name: string, script: URL, parameters: readonly string[]) {
    this.#name = name
    this.#script = script
    this.#parameters = parameters
  }

  /** Ends when it says that it is ready. */
  async start(): Promise<void> {
    if (this.#isOver) return
    const child = spawn(process.execPath, [this.#script.pathname, ...this.#parameters], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#stderr = ''
    child.stderr.on('data', (text: Buffer) => {
      this.#stderr = (this.#stderr + text.toString()).slice(-1000)
    })
    const ready = Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    await within(ready, () => `not ready: ${this.state}`)
    if (child.exitCode !== null) throw new Error(this.state)
  }

  /** Kills it, and it is not started again. */
  async end(): Promise<void> {
    this.#isOver = true
    await this.kill()
  }

  /** SIGKILL: it gets no chance to do anything. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    this.kills++
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await within(ended, () => `not dead: ${this.state}`)
  }

  /** What became of it, and the last it said. */
  get state(): string {
    const { pid, exitCode, signalCode } = this.#child ?? {}
    const ended = exitCode ?? signalCode ?? undefined
    const how = ended === undefined ? 'running' : `ended with ${ended}`
    return `${this.#name} (process ${pid}) ${how}: ${this.#stderr}`
  }
}
